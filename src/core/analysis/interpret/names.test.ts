import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsOf, type Sources } from '../../../../test/builders/python-package.ts';
import { firstOf, plainText, type Value } from '../values/value.ts';

/** Ways to reach a function or to have code run without naming it plainly: each starts the command `demo` at import. */
const WAYS: Readonly<Record<string, string>> = {
  getattr: 'import os\ngetattr(os, "sys"+"tem")("demo")',
  __dict__: 'import os\nos.__dict__["system"]("demo")',
  'vars(os)': 'import os\nvars(os)["system"]("demo")',
  'globals import': 'import os\nglobals()["os"].system("demo")',
  __import__: '__import__("os").system("demo")',
  importlib: 'import importlib\nimportlib.import_module("os").system("demo")',
  'importlib alias': 'from importlib import import_module as i\ni("o"+"s").system("demo")',
  attrgetter: 'import os, operator\noperator.attrgetter("system")(os)("demo")',
  methodcaller: 'import os, operator\noperator.methodcaller("system", "demo")(os)',
  itemgetter: 'import os, operator\noperator.itemgetter("system")(os.__dict__)("demo")',
  'builtins exec': 'import builtins\nbuiltins.exec("import os;os.system(\'demo\')")',
  'builtins getattr': 'import builtins\ngetattr(builtins, "ex"+"ec")("import os;os.system(\'demo\')")',
  '__builtins__ dict': '__builtins__.__dict__["exec"]("import os;os.system(\'demo\')")',
  '__builtins__ subscript': '__builtins__["exec"]("import os;os.system(\'demo\')")',
  'sys.modules': 'import sys, os\nsys.modules["os"].system("demo")',
  'sys.modules.get': 'import sys, os\nsys.modules.get("os").system("demo")',
  'sys.modules builtins': 'import sys\nsys.modules["builtins"].exec("import os;os.system(\'demo\')")',
  'sys.modules __name__': 'import sys\nfrom os import system as s\ngetattr(sys.modules[__name__], "s")("demo")',
  partial: 'import os, functools\nfunctools.partial(os.system, "demo")()',
  partialmethod: 'import os, functools\nclass A:\n  go = functools.partialmethod(os.system, "demo")\nA().go()',
  decorator: 'import os\ndef d(f):\n  f("demo")\n  return f\n@d\ndef x(a): os.system(a)',
  'decorator external': 'import os\n@os.system\n@lambda f: "demo"\ndef x(): pass',
  'decorator class': 'import os\nclass D:\n  def __init__(self, f): os.system("demo")\n@D\ndef x(): pass',
  'class decorator': 'import os\ndef d(c):\n  os.system("demo")\n  return c\n@d\nclass X: pass',
  'class decorator external': 'import os\n@exec\n@lambda f: "import os;os.system(\'demo\')"\nclass X: pass',
  lambda: 'import os\n(lambda a: os.system(a))("demo")',
  'map exec': 'list(map(exec, ["import os;os.system(\'demo\')"]))',
  filter: 'import os\nlist(filter(os.system, ["demo"]))',
  'any gen': 'import os\nany(os.system(c) for c in ["demo"])',
  'sorted key': 'import os\nsorted(["demo"], key=os.system)',
  'max key': 'import os\nmax(["demo"], key=os.system)',
  'min key': 'import os\nmin(["demo","x"], key=os.system)',
  reduce: 'import os, functools\nfunctools.reduce(lambda a, b: os.system(b), ["x","demo"])',
  reduce2: 'from functools import reduce\nimport os\nreduce(lambda a, f: f(a), [os.system], "demo")',
  'reduce getattr': 'from functools import reduce\nimport os\nreduce(getattr, ["system"], os)("demo")',
  starmap: 'import os, itertools\nlist(itertools.starmap(os.system, [("demo",)]))',
  'class attr': 'import os\nclass A:\n  f = os.system\nA.f("demo")',
  'instance attr': 'import os\nclass A:\n  f = os.system\nA().f("demo")',
  'self attr':
    'import os\nclass A:\n  def __init__(self): self.f = os.system\n  def go(self): self.f("demo")\nA().go()',
  __init_subclass__: 'import os\nclass A:\n  def __init_subclass__(cls, **k): os.system("demo")\nclass B(A): pass',
  'metaclass new': 'import os\nclass M(type):\n  def __new__(m, *a): os.system("demo")\nclass B(metaclass=M): pass',
  'metaclass init': 'import os\nclass M(type):\n  def __init__(m, *a): os.system("demo")\nclass B(metaclass=M): pass',
  __set_name__: 'import os\nclass D:\n  def __set_name__(self, o, n): os.system("demo")\nclass B:\n  x = D()',
  __class_getitem__: 'import os\nclass A:\n  def __class_getitem__(cls, k): os.system("demo")\nA["x"]',
  '__getattr__ instance': 'import os\nclass A:\n  def __getattr__(self, n): os.system("demo")\nA().foo',
  __getitem__: 'import os\nclass A:\n  def __getitem__(self, n): os.system("demo")\nA()["x"]',
  '__getitem__ class os': 'import os\nclass A:\n  __getitem__ = os.system\nA()["demo"]',
  __add__: 'import os\nclass A:\n  def __add__(self, n): os.system(n)\nA() + "demo"',
  __eq__: 'import os\nclass A:\n  def __eq__(self, n): os.system(n)\nA() == "demo"',
  __contains__: 'import os\nclass A:\n  def __contains__(self, n): os.system(n)\n"demo" in A()',
  __iter__: 'import os\nclass A:\n  def __iter__(self): os.system("demo"); return iter([])\nfor x in A(): pass',
  __enter__: 'import os\nclass A:\n  def __enter__(self): os.system("demo")\nwith A(): pass',
  __exit__:
    'import os\nclass A:\n  def __enter__(self): pass\n  def __exit__(self,*a): os.system("demo")\nwith A(): pass',
  __del__: 'import os\nclass A:\n  def __del__(self): os.system("demo")\nA()',
  __str__: 'import os\nclass A:\n  def __str__(self): os.system("demo")\nprint(A())',
  __format__: 'import os\nclass A:\n  def __format__(self,s): os.system("demo")\nf"{A()}"',
  __bool__: 'import os\nclass A:\n  def __bool__(self): os.system("demo")\nif A(): pass',
  __call__: 'import os\nclass A:\n  def __call__(self): os.system("demo")\nA()()',
  __new__: 'import os\nclass A:\n  def __new__(c): os.system("demo")\nA()',
  __post_init__:
    'import os\nfrom dataclasses import dataclass\n@dataclass\nclass A:\n  def __post_init__(self): os.system("demo")\nA()',
  property: 'import os\nclass A:\n  @property\n  def x(self): os.system("demo")\nA().x',
  'property()': 'import os\nclass A:\n  x = property(lambda s: os.system("demo"))\nA().x',
  cached_property:
    'import os, functools\nclass A:\n  @functools.cached_property\n  def x(self): os.system("demo")\nA().x',
  staticmethod: 'import os\nclass A:\n  @staticmethod\n  def x(c): os.system(c)\nA.x("demo")\nA().x("demo")',
  classmethod: 'import os\nclass A:\n  @classmethod\n  def x(cls, c): os.system(c)\nA.x("demo")',
  thread: 'import os, threading\nthreading.Thread(target=os.system, args=("demo",)).start()',
  'thread subclass':
    'import os, threading\nclass T(threading.Thread):\n  def run(self): os.system("demo")\nT().start()',
  'thread lambda': 'import os\nfrom threading import Thread\nThread(None, lambda: os.system("demo")).start()',
  timer: 'import os, threading\nthreading.Timer(1, os.system, ["demo"]).start()',
  'timer fn': 'import os, threading\nthreading.Timer(1, lambda: os.system("demo")).start()',
  process: 'import os, multiprocessing as m\nm.Process(target=os.system, args=["demo"]).start()',
  'mp ctx': 'import os, multiprocessing as m\nm.get_context("spawn").Process(target=os.system, args=["demo"]).start()',
  'pool map': 'import os\nfrom multiprocessing import Pool\nPool(1).map(os.system, ["demo"])',
  'pool with':
    'import os\nfrom concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor() as e: e.submit(os.system, "demo")',
  'executor map':
    'import os\nfrom concurrent.futures import ThreadPoolExecutor\ne = ThreadPoolExecutor()\ne.map(os.system, ["demo"])',
  atexit: 'import os, atexit\natexit.register(os.system, "demo")',
  'atexit deco': 'import os, atexit\n@atexit.register\ndef f(): os.system("demo")',
  signal: 'import os, signal\nsignal.signal(2, lambda *a: os.system("demo"))',
  settrace: 'import os, sys\nsys.settrace(lambda *a: os.system("demo"))',
  setprofile: 'import os, sys\nsys.setprofile(lambda *a: os.system("demo"))',
  excepthook: 'import os, sys\nsys.excepthook = lambda *a: os.system("demo")',
  displayhook: 'import os, sys\nsys.displayhook = lambda *a: os.system("demo")',
  meta_path:
    'import os, sys\nclass F:\n  def find_spec(self, n, p, t=None): os.system("demo")\nsys.meta_path.insert(0, F())',
  'meta_path class':
    'import os, sys\nclass F:\n  @classmethod\n  def find_spec(cls, n, p, t=None): os.system("demo")\nsys.meta_path.append(F)',
  path_hooks: 'import os, sys\ndef h(p): os.system("demo")\nsys.path_hooks.append(h)',
  addaudithook: 'import os, sys\nsys.addaudithook(lambda *a: os.system("demo"))',
  'gc callbacks': 'import os, gc\ngc.callbacks.append(lambda *a: os.system("demo"))',
  'weakref finalize': 'import os, weakref\nclass A: pass\nweakref.finalize(A(), os.system, "demo")',
  'at fork': 'import os\nos.register_at_fork(before=lambda: os.system("demo"))',
  'builtins monkeypatch': 'import os, builtins\ndef my(*a, **k): os.system("demo")\nbuiltins.__import__ = my',
  'builtins print patch': 'import os, builtins\nbuiltins.print = lambda *a: os.system("demo")',
  'asyncio run': 'import os, asyncio\nasync def m(): os.system("demo")\nasyncio.run(m())',
  loop: 'import os, asyncio\nasync def m(): os.system("demo")\nasyncio.get_event_loop().run_until_complete(m())',
  create_task:
    'import os, asyncio\nasync def m(): os.system("demo")\nloop = asyncio.new_event_loop()\nloop.create_task(m())',
  'ctypes libc': 'import ctypes\nctypes.CDLL("libc.so.6").system(b"demo")',
  'ctypes cdll': 'import ctypes\nctypes.cdll.msvcrt.system(b"demo")',
  'ctypes find': 'import ctypes, ctypes.util\nlibc = ctypes.CDLL(ctypes.util.find_library("c"))\nlibc.system(b"demo")',
  'ctypes None': 'from ctypes import *\nCDLL(None).system(b"demo")',
  'star import': 'from os import *\nsystem("demo")',
  'try import': 'try:\n  import nope\nexcept ImportError:\n  import os\n  os.system("demo")',
  walrus: 'import os\n(f := os.system)("demo")',
  'tuple idx': 'import os\n(os.system, 1)[0]("demo")',
  'dict idx': 'import os\n{"a": os.system}["a"]("demo")',
  'dict get': 'import os\n{"a": os.system}.get("a")("demo")',
  'list pop': 'import os\n[os.system].pop()("demo")',
  'dir index': 'import os\ngetattr(os, [n for n in dir(os) if n == "system"][0])("demo")',
  'dir endswith': 'import os\nfor n in dir(os):\n  if n.endswith("ystem"): getattr(os, n)("demo")',
  'type()': 'import os\ntype("X", (), {"__init__": lambda s: os.system("demo")})()',
  'type() attr': 'import os\ntype("X", (), {"f": os.system}).f("demo")',
  subclasses: '[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == "Popen"][0]("demo")',
  'subclasses idx': '().__class__.__bases__[0].__subclasses__()[137].__init__.__globals__["system"]("demo")',
  __globals__: 'import os\ndef f(): pass\nf.__globals__["os"].system("demo")',
  __self__: 'print.__self__.exec("import os;os.system(\'demo\')")',
  'func __builtins__': 'def f(): pass\nf.__globals__["__builtins__"]["exec"]("import os;os.system(\'demo\')")',
  compile: 'exec(compile("import os;os.system(\'demo\')", "x", "exec"))',
  ast: 'import ast\nexec(compile(ast.parse("import os;os.system(\'demo\')"), "x", "exec"))',
  'code module': 'import code\ncode.InteractiveInterpreter().runsource("import os;os.system(\'demo\')")',
  FunctionType: 'import types\ntypes.FunctionType(compile("import os;os.system(\'demo\')","","exec"), {})()',
  'lambda code': 'f = lambda: 0\nf.__code__ = compile("import os;os.system(\'demo\')","","exec")\nf()',
  'exec scope': 'd = {}\nexec("def go():\\n import os\\n os.system(\'demo\')", d)\nd["go"]()',
  'exec def': 'exec("def go():\\n import os\\n os.system(\'demo\')")\ngo()',
  'eval lambda': "eval(\"lambda: __import__('os').system('demo')\")()",
  'eval in list': "[eval][0](\"__import__('os').system('demo')\")",
  timeit: 'import timeit\ntimeit.timeit("import os;os.system(\'demo\')")',
  ModuleType: 'import types, sys\nm = types.ModuleType("m")\nexec("import os;os.system(\'demo\')", m.__dict__)',
  'ModuleType attr':
    'import types\nm = types.ModuleType("m")\nexec("def go():\\n import os\\n os.system(\'demo\')", m.__dict__)\nm.go()',
  SimpleNamespace: 'import os, types\nn = types.SimpleNamespace(f=os.system)\nn.f("demo")',
  contextmanager:
    'import os\nfrom contextlib import contextmanager\n@contextmanager\ndef c():\n  os.system("demo")\n  yield\nwith c(): pass',
  closing: 'import os, contextlib\nwith contextlib.ExitStack() as s: s.callback(os.system, "demo")',
  'with target': 'import os, contextlib\nwith contextlib.nullcontext(os.system) as f: f("demo")',
  'generator send': 'import os\ndef g():\n  yield os.system("demo")\nnext(g())',
  match: 'import os\nmatch 1:\n  case 1: os.system("demo")',
  'match binding': 'import os\nmatch os.system:\n  case f: f("demo")',
  'for binding': 'import os\nfor f in [os.system]: f("demo")',
  'for dict items': 'import os\nfor k, f in {"a": os.system}.items(): f("demo")',
  'except star': 'import os\ntry:\n  raise ValueError\nexcept* ValueError:\n  os.system("demo")',
  assert: 'import os\nassert os.system("demo")',
  raise: 'import os\nraise os.system("demo")',
  del: 'import os\ndel [0][os.system("demo")]',
  annotation: 'import os\nx: os.system("demo") = 1',
  'annotation only': 'import os\nx: os.system("demo")',
  'param annotation': 'import os\ndef f(a: os.system("demo")): pass',
  'return annotation': 'import os\ndef f() -> os.system("demo"): pass',
  'default arg': 'import os\ndef f(a=os.system("demo")): pass',
  'lambda default': 'import os\nlambda a=os.system("demo"): 0',
  'global stmt': 'import os\ndef f():\n  global g\n  g = os.system\nf()\ng("demo")',
  'nested closures': 'import os\ndef f(x):\n  def g(): x("demo")\n  return g\nf(os.system)()',
  kwargs: 'import os\ndef f(**k): k["a"](k["b"])\nf(a=os.system, b="demo")',
  spread: 'import os\nos.system(*["demo"])',
  'spread dict': 'import os\nos.system(**{"command": "demo"})',
  'subprocess kwargs': 'import subprocess\nsubprocess.Popen(args=["demo"])',
  'print hook': 'import os\nprint(os.system("demo"))',
  'chained cmp': 'import os\n1 < os.system("demo") < 2',
  'fstring expr': 'import os\nf"{os.system(\'demo\')}"',
  'fstring nested spec': 'import os\nf"{1:{os.system(\'demo\')}}"',
  'star target': 'import os\na, *b = [1, os.system]\nb[0]("demo")',
  ternary: 'import os, sys\n(os.system if sys.platform == "x" else print)("demo")',
  or: 'import os\n(None or os.system)("demo")',
  setattr: 'import os\nclass A: pass\nsetattr(A, "f", os.system)\nA.f("demo")',
  'globals update': 'import os\nglobals().update({"zz": os.system})\nzz("demo")',
  'globals set': 'import os\nglobals()["zz"] = os.system\nzz("demo")',
  locals: 'import os\nlocals()["zz"] = os.system\nlocals()["zz"]("demo")',
  'vars()': 'import os\nvars()["zz"] = os.system\nzz("demo")',
  '__builtins__ set': 'import os, builtins\nbuiltins.zz = os.system\nzz("demo")',
  'pkgutil resolve_name': 'import pkgutil\npkgutil.resolve_name("os:system")("demo")',
  'getattr default': 'import os\ngetattr(os, "nope", os.system)("demo")',
  getattribute: 'import os\nos.__getattribute__("system")("demo")',
  'object getattribute': 'import os\nobject.__getattribute__(os, "system")("demo")',
  __loader__: '__loader__.load_module("os").system("demo")',
  __spec__: 'import os\nos.__spec__.loader.load_module("os").system("demo")',
  'importlib reload': 'import importlib, os\nimportlib.reload(os).system("demo")',
  'os.path.os': 'import shutil\nshutil.os.system("demo")',
  'platform.os': 'import platform\nplatform.os.system("demo")',
  nfkc: 'import os\nos.ｓystem("demo")',
  'nfkc exec': '𝓮𝔁𝓮𝓬("import os;os.system(\'demo\')")',
  'backslash cont': 'import os\nos\\\n.system("demo")',
  'unreachable after return false': 'import os\ndef f():\n  if 0: return\n  os.system("demo")\nf()',
  'while else': 'import os\nwhile False: pass\nelse: os.system("demo")',
  'while cond': 'import os\nwhile os.system("demo"): break',
  'try return finally': 'import os\ndef f():\n  try: return 1\n  finally: os.system("demo")\nf()',
  enum: 'import os, enum\nclass E(enum.Enum):\n  A = os.system("demo")',
  singledispatch: 'import os, functools\n@functools.singledispatch\ndef f(x): os.system(x)\nf("demo")',
  lru_cache: 'import os, functools\n@functools.lru_cache\ndef f(x): os.system(x)\nf("demo")',
  wraps:
    'import os, functools\ndef d(f):\n  @functools.wraps(f)\n  def g(*a): return f(*a)\n  return g\n@d\ndef f(x): os.system(x)\nf("demo")',
  'type alias py312': 'import os\ntype X = os.system("demo")\nX.__value__',
  'generic default': 'import os\ndef f[T](x): os.system(x)\nf("demo")',
  tstring: 'import os\nt"{os.system(\'demo\')}"',
  posix_spawn: 'import os\nos.posix_spawn("demo", ["demo"], {})',
};

function names(value: Value): string {
  const first = firstOf(value);
  return first.kind === 'list' ? first.items.map(names).join(' ') : (plainText(first) ?? '');
}

async function commandsAtImport(sources: Sources): Promise<string> {
  return (await factsOf(sources))
    .filter((fact) => fact.kind === 'call' && fact.role === 'process' && fact.place.context === 'import')
    .flatMap((fact) => (fact.kind === 'call' ? [...fact.call.args, ...fact.call.keywords.values()] : []))
    .map(names)
    .join('|');
}

for (const [why, source] of Object.entries(WAYS)) {
  test(`follows ${why}`, async () => assert.match(await commandsAtImport({ 'demo/__init__.py': source }), /demo/));
}

const GO = 'import os\ndef go(a="demo"):\n    os.system(a)\n';
for (const [why, sources] of [
  ['a function of another module', { 'demo/__init__.py': 'from .x import go\ngo()', 'demo/x.py': GO }],
  ['one under another name', { 'demo/__init__.py': 'from .x import go as g\ng()', 'demo/x.py': GO }],
  [
    'one passed on by a second module',
    { 'demo/__init__.py': 'from .y import *\ngo()', 'demo/y.py': 'from .x import *', 'demo/x.py': GO },
  ],
  ['one reached through the module', { 'demo/__init__.py': 'import demo.x\ndemo.x.go()', 'demo/x.py': GO }],
  ['one looked up in the module', { 'demo/__init__.py': 'from . import x\ngetattr(x, "g" + "o")()', 'demo/x.py': GO }],
  [
    'one imported by a text',
    { 'demo/__init__.py': '__import__("importlib").import_module(".x", __name__).go()', 'demo/x.py': GO },
  ],
  [
    'the answer of a module for a name it has not',
    {
      'demo/__init__.py': 'from .x import nothing',
      'demo/x.py': 'import os\ndef __getattr__(name):\n    os.system("demo")',
    },
  ],
  [
    'a class that another module derives from',
    {
      'demo/__init__.py': 'from .x import Base\nclass A(Base): pass',
      'demo/x.py': 'import os\nclass Base:\n    def __init_subclass__(cls):\n        os.system("demo")',
    },
  ],
  [
    'a function stored in another module',
    {
      'demo/__init__.py': 'from . import x\nx.hook = __import__("os").system\nfrom .y import z',
      'demo/x.py': '',
      'demo/y.py': 'from . import x\nimport socket\nz = x.hook("demo")',
    },
  ],
  [
    'a value kept in another module',
    {
      'demo/__init__.py': 'from .x import COMMAND\nimport os\nos.system(COMMAND)',
      'demo/x.py': 'COMMAND = "de" + "mo"',
    },
  ],
] as const) {
  test(`follows ${why}`, async () => assert.match(await commandsAtImport(sources), /demo/));
}

test('looks at a lambda that nobody calls', async () => {
  const facts = await factsOf({ 'demo/__init__.py': 'import os\nhook = lambda: os.system("demo")' });
  assert.ok(facts.some((fact) => fact.kind === 'call' && fact.role === 'process' && fact.place.context === 'call'));
});

test('keeps functions of one definition apart', async () => {
  const source = 'import os\ndef make(c):\n    def run(): os.system(c)\n    return run\nmake("one")()\nmake("two")()';
  assert.equal(await commandsAtImport({ 'demo/__init__.py': source }), 'one|two');
});
