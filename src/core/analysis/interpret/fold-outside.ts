import { BUILTIN_FOLDS, itemsOf } from '../values/fold-builtin.ts';
import { foldMethod } from '../values/fold-method.ts';
import { makeByteTable, makeTranslation } from '../values/format.ts';
import { TAINT } from '../values/taint.ts';
import {
  type CallShape,
  either,
  external,
  firstOf,
  HOLE,
  list,
  none,
  number,
  plainText,
  positional,
  taintOf,
  text,
  truthOf,
  unknown,
  type Value,
} from '../values/value.ts';
import { dynamicAttribute } from './attribute.ts';
import { withBinding } from './define.ts';
import {
  attributeGetter,
  callKey,
  dirOf,
  itemGetter,
  madeClass,
  madeObject,
  methodCaller,
  reduce,
  resolveName,
} from './fold-callables.ts';
import { TEXT_FOLDS } from './fold-library.ts';
import type { Frame, Run } from './run.ts';
import { bindName, lookUpName, newScope } from './scope.ts';
import { callByBuiltin } from './special-methods.ts';
import { reportEnvironment } from './whole-environment.ts';

type Site = { readonly run: Run; readonly frame: Frame; readonly at: number };
type Fold = (call: CallShape, inward: number, site: Site) => Value | undefined;

/** Calls of the standard library whose result follows from their arguments; undefined for all others. */
export function foldPure(
  run: Run,
  path: string,
  call: CallShape,
  inward: number,
  frame: Frame,
  at: number,
): Value | undefined {
  const name = path.startsWith('builtins.') ? path.slice('builtins.'.length) : undefined;
  if (name === undefined) return (LIBRARY.get(path) ?? TEXT_FOLDS.get(path))?.(call, inward, { run, frame, at });
  const pure = BUILTIN_FOLDS.get(name);
  if (call.keywords.has('key')) callKey(run, call, frame, at);
  callByBuiltin(run, name, call.args, frame);
  const bound = withBinding(path, first(call));
  if (bound !== undefined) return bound;
  if (pure !== undefined) return pure(call, inward);
  return BUILTINS.get(name)?.(call, inward, { run, frame, at }) ?? foldUnbound(name, call);
}

/** `str.join(separator, items)`: a method called on its class. */
function foldUnbound(name: string, call: CallShape): Value | undefined {
  const [receiver, ...args] = call.args;
  const method = /^(?:str|bytes|list|dict|bytearray|int)\.(\w+)$/.exec(name)?.[1];
  if (receiver === undefined || method === undefined || method === 'fromhex') return undefined;
  return foldMethod(firstOf(receiver), method, { args, keywords: call.keywords });
}

const first = ({ args }: CallShape): Value => firstOf(args[0] ?? unknown());

const BUILTINS: ReadonlyMap<string, Fold> = new Map<string, Fold>([
  ['str.maketrans', (call, inward) => makeTranslation(call.args.map(firstOf)) ?? unknown(inward)],
  ['bytes.maketrans', (call, inward) => makeByteTable(call.args.map(firstOf)) ?? unknown(inward)],
  ['bytearray.maketrans', (call, inward) => makeByteTable(call.args.map(firstOf)) ?? unknown(inward)],
  ['int.from_bytes', fromBytes],
  ['getattr', getAttribute],
  ['object.__getattribute__', getAttribute],
  ['type.__getattribute__', getAttribute],
  ['dir', (call) => dirOf(first(call))],
  ['setattr', setAttribute],
  ['vars', (call) => (call.args.length > 0 ? first(call) : external('builtins.vars()'))],
  ['globals', () => external('builtins.globals()')],
  ['locals', () => external('builtins.locals()')],
  ['globals().get', (call, _inward, { frame }) => lookUpName(plainText(first(call)) ?? '', frame)],
  ['locals().get', (call, _inward, { frame }) => lookUpName(plainText(first(call)) ?? '', frame)],
  ['globals().update', updateNames],
  ['locals().update', updateNames],
  ['vars().update', updateNames],
  ['super', (_call, _inward, { frame }) => superOf(frame)],
  ['type', (call, _inward, site) => (call.args.length > 2 ? madeClass(call, site) : classOf(first(call)))],
  ['next', (call, inward) => itemsOf(call.args[0])?.[0] ?? unknown(inward)],
  ['input', () => unknown(TAINT.parameter)],
  ['raw_input', () => unknown(TAINT.parameter)],
  ['map', (call, _inward, site) => mapOver('map', call, site)],
  ['filter', (call, _inward, site) => mapOver('filter', call, site)],
]);

const same: Fold = (call) => call.args[0] ?? unknown();
const whole: Fold = (_call, inward) => unknown(inward);
const joined: Fold = (call, inward) => foldPath('join', call, inward);
const quotedText: Fold = (call, inward) => (first(call).kind === 'text' ? first(call) : unknown(inward));
const environment: Fold = (_call, _inward, { run, frame, at }) => {
  reportEnvironment(run, frame, at);
  return external('os.environ', TAINT.allEnvironment);
};
const requestTo: Fold = (call, inward) => ({ ...first(call), taint: inward });

const LIBRARY: ReadonlyMap<string, Fold> = new Map<string, Fold>([
  ...['expanduser', 'expandvars', 'abspath', 'normpath', 'realpath', 'dirname', 'basename', 'normcase'].map(
    (name): [string, Fold] => [`os.path.${name}`, (call, inward) => foldPath(name, call, inward)],
  ),
  // Wherever the tool lies, it is that tool.
  ...['shutil.which', 'distutils.spawn.find_executable'].map((path): [string, Fold] => [
    path,
    (call, inward) => {
      const tool = plainText(first(call) ?? unknown());
      return tool === undefined ? undefined : text(`${HOLE}/${tool}`, inward);
    },
  ]),
  ...['os.path.join', 'pathlib.Path', 'pathlib.PurePath', 'pathlib.PosixPath', 'pathlib.WindowsPath'].map(
    (path): [string, Fold] => [path, joined],
  ),
  ['pathlib.Path.home', () => text('~')],
  ['pathlib.Path.cwd', () => text('.')],
  ['tempfile.gettempdir', () => text('/tmp')],
  ['tempfile.mkdtemp', () => text('/tmp')],
  ['tempfile.mktemp', () => text(`/tmp/${HOLE}`)],
  ...['os.environ.copy', 'os.environ.items', 'os.environ.values', 'os.environ.keys'].map((path): [string, Fold] => [
    path,
    environment,
  ]),
  ['functools.partial', bindArguments],
  ['functools.partialmethod', bindArguments],
  ['functools.reduce', (call, inward, site) => reduce(call, inward, site)],
  ['operator.attrgetter', (call, _inward, site) => attributeGetter(call, site)],
  ['operator.itemgetter', (call, _inward, site) => itemGetter(call, site)],
  ['operator.methodcaller', (call, _inward, site) => methodCaller(call, site)],
  ['operator.call', (call, _inward, site) => callFirst(call, site)],
  ['pkgutil.resolve_name', (call, _inward, site) => resolveName(call, site)],
  ['types.ModuleType', (_call, _inward, site) => madeObject(positional(), site)],
  ['types.SimpleNamespace', (call, _inward, site) => madeObject(call, site)],
  ['argparse.Namespace', (call, _inward, site) => madeObject(call, site)],
  ['sys.modules.get', (call, _inward, { run, frame }) => run.importModule(plainText(first(call)) ?? '', frame)],
  ...[
    'importlib.reload',
    'contextlib.nullcontext',
    'contextlib.closing',
    'copy.copy',
    'copy.deepcopy',
    'shlex.quote',
    'textwrap.dedent',
  ].map((path): [string, Fold] => [path, same]),
  ['shlex.split', (call) => foldMethod(first(call), 'split', positional())],
  ...['json.dumps', 'struct.pack', 'struct.unpack'].map((path): [string, Fold] => [path, whole]),
  ...['urllib.parse.quote', 'urllib.parse.urlencode'].map((path): [string, Fold] => [path, quotedText]),
  ['urllib.request.Request', requestTo],
  ['urllib2.Request', requestTo],
]);

function getAttribute(call: CallShape, _inward: number, { run, frame }: Site): Value {
  const found = dynamicAttribute(run, first(call), call.args[1], frame);
  const fallback = call.args[2] === undefined ? undefined : firstOf(call.args[2]);
  return fallback?.kind === 'function' || fallback?.kind === 'external' ? either(fallback, found) : found;
}

function updateNames(call: CallShape, _inward: number, { frame }: Site): Value {
  const given = first(call);
  if (given.kind === 'dict')
    for (const [key, value] of given.entries) if (key.startsWith('t:')) bindName(key.slice(2), value, frame);
  for (const [name, value] of call.keywords) bindName(name, value, frame);
  return none();
}

function callFirst(call: CallShape, { run, frame, at }: Site): Value {
  return run.call(first(call), { args: call.args.slice(1), keywords: call.keywords }, frame, at);
}

function setAttribute(call: CallShape, _inward: number, { run, frame, at }: Site): Value {
  const [object, name, value] = call.args;
  const attribute = name === undefined ? undefined : plainText(firstOf(name));
  if (object === undefined || attribute === undefined || value === undefined) return none();
  const holder = newScope('function');
  holder.names.set('object', object);
  const target = { kind: 'attribute', at, object: { kind: 'name', at, id: 'object' }, name: attribute } as const;
  run.assign(target, value, { ...frame, scope: holder });
  return none();
}

function classOf(value: Value): Value | undefined {
  return value.kind === 'instance' ? value.of : undefined;
}

function bindArguments(call: CallShape): Value {
  const target = first(call);
  const bound: CallShape = { args: call.args.slice(1), keywords: call.keywords };
  return target.kind === 'function' || target.kind === 'external' ? { ...target, bound } : target;
}

function fromBytes(call: CallShape, taint: number): Value {
  const from = call.args[0] === undefined ? undefined : firstOf(call.args[0]);
  if (from?.kind !== 'bytes' || from.value.length > 100_000) return unknown(taint);
  const order = plainText(call.args[1] ?? call.keywords.get('byteorder') ?? text('big'));
  const big = order === 'little' ? Buffer.from(from.value).reverse() : Buffer.from(from.value);
  return number(BigInt(`0x${big.toString('hex') || '0'}`), taint);
}

function superOf(frame: Frame): Value {
  const self = [...frame.scope.names.values()].find((value) => value.kind === 'instance');
  const base = self?.kind === 'instance' ? self.of.bases[0] : undefined;
  if (base?.kind === 'external') return external(`${base.path}()`);
  if (base?.kind === 'class' && self?.kind === 'instance') return { ...self, of: base };
  return unknown();
}

function mapOver(name: 'map' | 'filter', call: CallShape, { run, frame, at }: Site): Value {
  const [callee, iterable] = call.args;
  if (callee === undefined || iterable === undefined) return unknown();
  const items = itemsOf(iterable);
  if (items === undefined) {
    const one = run.call(callee, positional(unknown(iterable.taint)), frame, at);
    return { kind: 'list', type: 'list', items: [one], open: true, taint: iterable.taint | one.taint };
  }
  if (name === 'filter') {
    const kept = items.slice(0, 20_000).filter((item) => {
      const verdict = run.call(callee, positional(item), { ...frame, looping: 1 }, at);
      return truthOf(firstOf(callee).kind === 'none' ? item : verdict) !== false;
    });
    return list(kept, iterable.taint);
  }
  const others = call.args.slice(2).map(itemsOf);
  if (others.length > 0 && others.every((each) => each !== undefined)) {
    const rows = items.slice(0, Math.min(20_000, ...others.map((each) => each.length)));
    return list(
      rows.map((item, row) =>
        run.call(callee, positional(item, ...others.map((each) => each[row]!)), { ...frame, looping: 1 }, at),
      ),
    );
  }
  const mapped = items.slice(0, 20_000).map((item) => run.call(callee, positional(item), { ...frame, looping: 1 }, at));
  return { kind: 'list', type: 'list', items: mapped, open: false, taint: taintOf(mapped) };
}

function foldPath(name: string, call: CallShape, taint: number): Value {
  const parts = call.args.map((value) => plainText(firstOf(value)) ?? HOLE);
  if (name === 'join') return text(parts.join('/').replace(/([/])\/+/g, '$1'), taint);
  const [only = HOLE] = parts;
  if (name === 'dirname') return text(only.replace(/[/][^/]*$/, ''), taint);
  return text(name === 'basename' ? only.replace(/^.*[/]/, '') : only, taint);
}
