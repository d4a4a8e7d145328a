import { type Role, roleOf } from '../catalogue/roles.ts';
import { BUILTIN_FOLDS, itemsOf } from '../values/fold-builtin.ts';
import { foldMethod } from '../values/fold-method.ts';
import { makeTranslation } from '../values/format.ts';
import { TAINT } from '../values/taint.ts';
import {
  type CallShape,
  type ClassValue,
  type External,
  external,
  firstOf,
  HOLE,
  none,
  number,
  optionsOf,
  plainText,
  taintOf,
  text,
  unknown,
  type Value,
} from '../values/value.ts';
import { dynamicAttribute, memberOf } from './attribute.ts';
import { decodeCall, decryptCall } from './decode-call.ts';
import { environmentVariable, positional } from './evaluate.ts';
import { fileContent, pathTaint, reportWrite } from './files.ts';
import { type Frame, type Run, report } from './run.ts';
import { lookUpName } from './scope.ts';

/** Calls something outside the package: folds what is pure, records what has a role, and taints what comes back. */
export function callExternal(run: Run, callee: External, call: CallShape, frame: Frame, at: number): Value {
  const path = callee.path.replaceAll('[]', '');
  const inward = taintOf(call.args) | taintOf(call.keywords.values());
  const pure = foldPure(run, path, call, inward, frame, at);
  if (pure !== undefined) return pure;
  const role = roleOf(path);
  if (role !== undefined) return callRole(run, role, callee, path, call, inward, frame, at);
  const method = path.slice(path.lastIndexOf('.') + 1);
  const object = callee.made;
  if (object !== undefined && path.includes('().')) {
    const known = callMethod(run, callee, path, method, object, call, inward, frame, at);
    if (known !== undefined) return known;
  }
  // A function of the package handed to the world may be called by it; with what, nobody knows.
  if (frame.context !== 'call' && CALLS_BACK.test(path)) for (const value of call.args) callBack(run, value, frame, at);
  const result = external(`${path}()`, callee.taint | inward, call);
  return path.startsWith('socket.socket') ? { ...result, taint: result.taint | TAINT.socket } : result;
}

const CALLS_BACK =
  /\b(?:start|run|run_until_complete|create_task|ensure_future|gather|submit|call_soon|after|connect|register|add_job|apply_async|starmap)$/;

function foldPure(
  run: Run,
  path: string,
  call: CallShape,
  inward: number,
  frame: Frame,
  at: number,
): Value | undefined {
  const [first, second] = call.args;
  if (path.startsWith('builtins.')) {
    const name = path.slice('builtins.'.length);
    const fold = BUILTIN_FOLDS.get(name);
    if (fold !== undefined) return fold(call, inward);
    if (first !== undefined && /^(?:str|bytes|list|dict|bytearray|int)\.\w+$/.test(name)) {
      if (name === 'str.maketrans') return makeTranslation(call.args.map(firstOf)) ?? unknown(inward);
      if (name === 'int.from_bytes') return fromBytes(call, inward);
      const folded = name.endsWith('.fromhex')
        ? undefined
        : foldMethod(firstOf(first), name.slice(name.indexOf('.') + 1), {
            args: call.args.slice(1),
            keywords: call.keywords,
          });
      if (folded !== undefined) return folded;
    }
    if (name === 'getattr' && first !== undefined) return dynamicAttribute(run, firstOf(first), second, frame);
    if (name === 'vars' && first !== undefined) return first;
    if (name === 'globals' || name === 'locals' || name === 'vars') return external(`builtins.${name}()`);
    if (name === 'globals().get' || name === 'locals().get')
      return lookUpName(plainText(first ?? unknown()) ?? '', frame);
    if (name === 'super') return superOf(frame);
    if (name === 'type' && call.args.length === 1 && first?.kind === 'instance') return first.of;
    if (name === 'next') return itemsOf(first)?.[0] ?? unknown(inward);
    if (name === 'input' || name === 'raw_input') return unknown(TAINT.parameter);
    if (name === 'map' || name === 'filter') return mapOver(run, name, call, frame, at);
    if (name === 'setattr' && first !== undefined) return none();
    return undefined;
  }
  if (
    /^os\.path\.(?:join|expanduser|expandvars|abspath|normpath|realpath|dirname|basename|normcase)$/.test(path) ||
    path === 'posixpath.join' ||
    path === 'ntpath.join'
  )
    return foldPath(path, call, inward);
  if (
    path === 'pathlib.Path' ||
    path === 'pathlib.PurePath' ||
    path === 'pathlib.PosixPath' ||
    path === 'pathlib.WindowsPath'
  )
    return foldPath('os.path.join', call, inward);
  if (path === 'pathlib.Path.home') return text('~');
  if (path === 'pathlib.Path.cwd') return text('.');
  if (path === 'tempfile.gettempdir' || path === 'tempfile.mkdtemp') return text('/tmp');
  if (path === 'tempfile.mktemp') return text(`/tmp/${HOLE}`);
  if (path === 'os.environ.copy' || path === 'os.environ.items' || path === 'os.environ.values')
    return external('os.environ', TAINT.allEnvironment);
  if (path === 'functools.partial' && first !== undefined) {
    const target = firstOf(first);
    if (target.kind === 'function') return { ...target, bound: { args: call.args.slice(1), keywords: call.keywords } };
    return first;
  }
  if (path === 'operator.attrgetter' || path === 'operator.methodcaller') return unknown();
  if (path === 'itertools.cycle' || path === 'copy.copy' || path === 'copy.deepcopy' || path === 'shlex.quote')
    return first ?? unknown();
  if (path === 'shlex.split' || path === 'textwrap.dedent')
    return path === 'shlex.split' ? foldMethod(firstOf(first ?? unknown()), 'split', positional()) : first;
  if (
    path === 'json.loads' ||
    path === 'json.dumps' ||
    path === 'urllib.parse.quote' ||
    path === 'urllib.parse.urlencode' ||
    path === 'urllib.parse.unquote'
  )
    return path.startsWith('json') || first?.kind !== 'text' ? unknown(inward) : first;
  if (path === 'urllib.request.Request' || path === 'urllib2.Request')
    return { ...(first === undefined ? unknown() : firstOf(first)), taint: inward } as Value;
  if (path === 'struct.pack' || path === 'struct.unpack') return unknown(inward);
  return undefined;
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

function mapOver(run: Run, name: string, call: CallShape, frame: Frame, at: number): Value {
  const [callee, iterable] = call.args;
  if (callee === undefined || iterable === undefined) return unknown();
  const items = itemsOf(iterable);
  if (items === undefined) {
    const one = run.call(callee, positional(unknown(iterable.taint)), frame, at);
    return { kind: 'list', type: 'list', items: [one], open: true, taint: iterable.taint | one.taint };
  }
  if (name === 'filter') {
    run.call(callee, positional(items[0] ?? unknown()), frame, at);
    return iterable;
  }
  const mapped = items.slice(0, 20_000).map((item) => run.call(callee, positional(item), { ...frame, looping: 1 }, at));
  return { kind: 'list', type: 'list', items: mapped, open: false, taint: taintOf(mapped) };
}

function foldPath(path: string, call: CallShape, taint: number): Value {
  const parts = call.args.map((value) => plainText(firstOf(value)) ?? HOLE);
  if (path.endsWith('join')) return text(parts.join('/').replace(/([\\/])\/+/g, '$1'), taint);
  const [only = HOLE] = parts;
  if (path.endsWith('dirname')) return text(only.replace(/[\\/][^\\/]*$/, ''), taint);
  if (path.endsWith('basename')) return text(only.replace(/^.*[\\/]/, ''), taint);
  return text(only, taint);
}

function callBack(run: Run, value: Value, frame: Frame, at: number): void {
  for (const each of optionsOf(value)) if (each.kind === 'function') run.call(each, positional(), frame, at);
}

function callRole(
  run: Run,
  role: Role,
  callee: External,
  path: string,
  call: CallShape,
  inward: number,
  frame: Frame,
  at: number,
): Value {
  const [first] = call.args;
  const note = (as: Role, taint: number) => report(run, frame, at, { kind: 'call', role: as, name: path, call, taint });
  const everything =
    inward |
    callee.taint |
    (callee.made === undefined ? 0 : taintOf(callee.made.args) | taintOf(callee.made.keywords.values()));
  switch (role) {
    case 'execute':
    case 'deserialise': {
      note(role, inward);
      if (role === 'deserialise') return external(`${path}()`, inward, call);
      let result: Value = unknown(inward);
      for (const value of [first ?? call.keywords.get('source') ?? unknown()].flatMap(optionsOf)) {
        const code =
          value.kind === 'external' && value.path === 'builtins.compile()'
            ? firstOf(value.made?.args[0] ?? unknown())
            : value;
        const source = code.kind === 'text' || code.kind === 'bytes' ? plainText(code) : undefined;
        if (source !== undefined)
          result = run.runText(source, 'execute', (value.taint & (TAINT.decoded | TAINT.decrypted)) !== 0, frame, at);
      }
      return result;
    }
    case 'compile':
      return external('builtins.compile()', inward, call);
    case 'decode':
      return decodeCall(run, path, call, inward, frame, at);
    case 'decrypt':
      return decryptCall(run, callee, path, call, everything, frame, at);
    case 'network':
      // What the client was made with (host, base address) belongs to its request.
      report(run, frame, at, { kind: 'call', role, name: path, call: withMaker(call, callee), taint: everything });
      if (path.endsWith('urlretrieve') || path === 'wget.download' || path === 'gdown.download') downloadTo(run, call);
      for (const value of [...call.args, ...call.keywords.values()]) callBack(run, value, frame, at);
      return external(`${path}()`, TAINT.network | (path.endsWith('.connect') ? TAINT.socket : 0), call);
    case 'resolve':
      note(role, inward);
      return unknown(TAINT.host);
    case 'process':
      note(role, inward | processPathTaint(run, call));
      runInlinePython(run, call, inward, frame, at);
      return external(`${path}()`, TAINT.output, call);
    case 'open': {
      // A temporary file has a path too, which `.name` gives back.
      if (path.startsWith('tempfile.')) return external('builtins.open()', 0, positional(text(`/tmp/${HOLE}`)));
      return external('builtins.open()', first === undefined ? 0 : openTaint(run, first), call);
    }
    case 'copy':
      note(role, inward | (first === undefined ? 0 : pathTaint(run, first)));
      copyTaint(run, call);
      return unknown(inward);
    case 'host':
      note(role, inward);
      return path === 'os.getcwd' ? text('.', TAINT.host) : external(`${path}()`, TAINT.host, call);
    case 'environment-read':
      return environmentVariable(run, frame, at, first === undefined ? undefined : plainText(firstOf(first)));
    case 'clipboard-read':
      note(role, inward);
      return unknown(TAINT.clipboard);
    case 'record':
      note(role, inward);
      for (const value of [...call.args, ...call.keywords.values()]) callBack(run, value, frame, at);
      return external(`${path}()`, TAINT.recording, call);
    case 'cookie-read':
    case 'unprotect':
      note(role, inward);
      return unknown(TAINT.credential);
    case 'import': {
      const name = first === undefined ? undefined : plainText(firstOf(first));
      if (name === undefined) return unknown(inward);
      report(run, frame, at, { kind: 'import', name, dynamic: true });
      return run.importModule(
        call.args.length > 1 && name.startsWith('.') ? `${run.packageOf(frame)}${name}` : name,
        frame,
      );
    }
    case 'callback':
      return callbackRole(run, path, call, frame, at);
    case 'setup':
      runCommands(run, call, frame, at);
      return unknown();
    default:
      note(role, everything);
      return external(`${path}()`, inward, call);
  }
}

function openTaint(run: Run, path: Value): number {
  return pathTaint(run, path) | (path.taint & (TAINT.host | TAINT.parameter));
}

function downloadTo(run: Run, call: CallShape): void {
  const target = call.args[1] ?? call.keywords.get('filename') ?? call.keywords.get('out');
  if (target === undefined) return;
  target.taint |= TAINT.downloadedFile;
  const plain = plainText(firstOf(target));
  if (plain !== undefined) run.written.set(plain, (run.written.get(plain) ?? 0) | TAINT.downloadedFile);
}

function copyTaint(run: Run, call: CallShape): void {
  const [from, to] = call.args;
  if (from === undefined || to === undefined) return;
  if ((from.taint & TAINT.network) !== 0) to.taint |= TAINT.downloadedFile;
  const plain = plainText(firstOf(to));
  const taint = pathTaint(run, from);
  to.taint |= taint;
  if (plain !== undefined && taint !== 0) run.written.set(plain, taint);
}

function withMaker(call: CallShape, callee: External): CallShape {
  if (callee.made === undefined) return call;
  return { args: [...call.args, ...callee.made.args], keywords: new Map([...callee.made.keywords, ...call.keywords]) };
}

/** Whether a started program, or an argument of it, is a file that was downloaded or dropped before. */
function processPathTaint(run: Run, call: CallShape): number {
  let taint = 0;
  for (const value of call.args.flatMap(optionsOf)) {
    const parts = value.kind === 'list' ? value.items : [value];
    for (const part of parts) {
      taint |= pathTaint(run, part) & (TAINT.downloadedFile | TAINT.droppedFile);
      const plain = plainText(firstOf(part));
      if (plain === undefined || plain.length > 2000) continue;
      for (const [path, left] of run.written) if (path.length > 3 && plain.includes(path)) taint |= left;
    }
  }
  return taint;
}

/** `python -c <code>` as a list or as one text. */
function runInlinePython(run: Run, call: CallShape, taint: number, frame: Frame, at: number): void {
  const first = firstOf(call.args[0] ?? call.keywords.get('args') ?? unknown());
  const decoded = (taint & (TAINT.decoded | TAINT.decrypted)) !== 0;
  if (first.kind === 'list') {
    const flag = first.items.findIndex((item) => plainText(firstOf(item)) === '-c');
    const code = flag < 0 ? undefined : plainText(firstOf(first.items[flag + 1] ?? unknown()));
    const program = plainText(firstOf(first.items[0] ?? unknown())) ?? HOLE;
    if (code !== undefined && /python|\uf8ff/i.test(program)) run.runText(code, 'command', decoded, frame, at);
    return;
  }
  const line = plainText(first);
  const found =
    line === undefined || line.length > 200_000
      ? null
      : /python[\d.]*w?(?:\.exe)?["']?\s+-c\s+(["'])([\s\S]+)\1/.exec(line);
  if (found?.[2] !== undefined) run.runText(found[2].replaceAll('\\"', '"'), 'command', decoded, frame, at);
}

function callbackRole(run: Run, path: string, call: CallShape, frame: Frame, at: number): Value {
  const target =
    call.keywords.get('target') ??
    call.keywords.get('function') ??
    (path.endsWith('run_in_executor') || path === 'threading.Timer' ? call.args[1] : call.args[0]);
  const given =
    call.keywords.get('args') ??
    (path.endsWith('Timer') ? call.args[2] : path.endsWith('start_new_thread') ? call.args[1] : undefined);
  const args =
    given === undefined
      ? path.endsWith('Thread') || path.endsWith('Process') || path.endsWith('Timer')
        ? []
        : call.args.slice(1)
      : (itemsOf(given) ?? [unknown(given.taint)]);
  if (target !== undefined) run.call(target, { args, keywords: new Map() }, frame, at);
  return external(`${path}()`, 0, call);
}

/** Commands that pip makes setuptools run when it builds or installs an sdist. */
const PIP_COMMANDS = new Set(
  'install develop egg_info build build_py build_ext build_clib build_scripts install_lib install_scripts install_data install_headers install_egg_info bdist_wheel dist_info editable_wheel bdist_egg easy_install'.split(
    ' ',
  ),
);
const COMMAND_METHODS = [
  'initialize_options',
  'finalize_options',
  'run',
  'build_extensions',
  'build_extension',
  'build_packages',
  'build_module',
  'execute',
  'get_sub_commands',
  'get_outputs',
  'copy_extensions_to_source',
];

function runCommands(run: Run, call: CallShape, frame: Frame, at: number): void {
  const commands = firstOf(call.keywords.get('cmdclass') ?? unknown());
  if (commands.kind !== 'dict') return;
  for (const [key, value] of commands.entries) {
    if (!PIP_COMMANDS.has(key.slice(2))) continue;
    for (const type of optionsOf(value)) if (type.kind === 'class') runCommand(run, type, frame, at);
  }
}

function runCommand(run: Run, type: ClassValue, frame: Frame, at: number): void {
  const command = run.call(type, positional(unknown()), frame, at);
  for (const name of COMMAND_METHODS) {
    const method = memberOf(type, name);
    if (method?.kind === 'function')
      run.call({ ...method, self: command }, positional(unknown(), unknown(), unknown()), frame, at);
  }
}

function callMethod(
  run: Run,
  callee: External,
  path: string,
  method: string,
  made: CallShape,
  call: CallShape,
  inward: number,
  frame: Frame,
  at: number,
): Value | undefined {
  const base = path.slice(0, path.lastIndexOf('.'));
  const [first] = call.args;
  if (base === 'builtins.open()') {
    const target = made.args[0] ?? made.keywords.get('file') ?? unknown();
    if ((method === 'write' || method === 'writelines') && first !== undefined) {
      reportWrite(run, frame, at, 'builtins.open().write', target, first);
      callee.taint |= target.taint & (TAINT.downloadedFile | TAINT.droppedFile);
      return unknown();
    }
    if (/^read/.test(method)) return fileContent(run, { ...target, taint: target.taint | callee.taint } as Value);
    return undefined;
  }
  if (/^zipfile\.ZipFile\(\)$/.test(base) && method === 'write' && first !== undefined) {
    const archive = made.args[0];
    if (archive !== undefined) archive.taint |= pathTaint(run, first);
    return unknown();
  }
  if (/^(?:sqlite3\.connect\(\))/.test(base)) {
    const database = made.args[0];
    return external(`${path}()`, callee.taint | (database === undefined ? 0 : pathTaint(run, database)), made);
  }
  if (
    (method === 'send' || method === 'sendall' || method === 'sendto') &&
    (callee.taint & TAINT.socket) !== 0 &&
    !/^(?:requests|httpx)/.test(path)
  ) {
    report(run, frame, at, { kind: 'call', role: 'network', name: 'socket.socket().send', call, taint: inward });
    return unknown();
  }
  if ((method === 'recv' || method === 'makefile') && (callee.taint & TAINT.socket) !== 0)
    return unknown(TAINT.network);
  if (method === 'sendmail' || method === 'send_message' || method === 'storbinary') {
    report(run, frame, at, { kind: 'call', role: 'network', name: path, call, taint: inward });
    return unknown();
  }
  return undefined;
}
