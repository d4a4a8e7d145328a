import { BUILTIN_FOLDS, itemsOf } from '../values/fold-builtin.ts';
import { foldMethod } from '../values/fold-method.ts';
import { makeTranslation } from '../values/format.ts';
import { TAINT } from '../values/taint.ts';
import {
  type CallShape,
  external,
  firstOf,
  HOLE,
  none,
  number,
  plainText,
  positional,
  taintOf,
  text,
  unknown,
  type Value,
} from '../values/value.ts';
import { dynamicAttribute } from './attribute.ts';
import type { Frame, Run } from './run.ts';
import { lookUpName } from './scope.ts';

/** Calls of the standard library whose result follows from their arguments; undefined for all others. */
export function foldPure(
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
