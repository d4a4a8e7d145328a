import { type Role, roleOf } from '../catalogue/roles.ts';
import { foldMethod } from '../values/fold-method.ts';
import { TAINT } from '../values/taint.ts';
import {
  bool,
  type CallShape,
  type External,
  external,
  firstOf,
  HOLE,
  optionsOf,
  plainText,
  positional,
  taintOf,
  text,
  unknown,
  type Value,
} from '../values/value.ts';
import { dynamicAttribute } from './attribute.ts';
import { startCallback } from './callbacks.ts';
import { decodeCall } from './decode-call.ts';
import { decryptCall } from './decrypt-call.ts';
import { deserialise } from './deserialise.ts';
import { executeCode } from './execute-code.ts';
import { copyTaint, downloadTo, openedContent, pathTaint, reportWrite, startedTaint } from './files.ts';
import { foldPure } from './fold-outside.ts';
import { heldValue } from './held-value.ts';
import { runEncodedCommand, runInlinePython } from './inline-code.ts';
import { type Frame, type Run, report } from './run.ts';
import { runCommands } from './setup-commands.ts';
import { runStartedData, runStartedScripts } from './started-scripts.ts';
import { environmentVariable } from './subscript.ts';
import { outputTaint, reportEnvironment } from './whole-environment.ts';

/** Calls something outside the package: folds what is pure, records what has a role, and taints what comes back. */
export function callExternal(run: Run, callee: External, given: CallShape, frame: Frame, at: number): Value {
  const call = callee.bound === undefined ? given : withBound(callee.bound, given);
  const path = callee.path.includes('[]') ? callee.path.replaceAll('[]', '') : callee.path;
  const inward = taintOf(call.args) | taintOf(call.keywords.values());
  const pure = foldPure(run, path, call, inward, frame, at);
  if (pure !== undefined) return pure;
  const role = roleOf(path);
  if (role !== undefined) return callRole(run, role, callee, path, call, inward, frame, at);
  const method = path.slice(path.lastIndexOf('.') + 1);
  const [first] = call.args;
  if (first !== undefined && NAMED_ACCESS.test(method))
    return dynamicAttribute(run, baseOf(callee, method), first, frame);
  // A loader of the interpreter, by whatever way it was reached.
  if (method === 'load_module' && first !== undefined) return run.importModule(plainText(firstOf(first)) ?? '', frame);
  const object = callee.made;
  if (object !== undefined && path.includes('().')) {
    const known = callMethod(run, callee, path, method, object, call, inward, frame, at);
    if (known !== undefined) return known;
  }
  // A function of the package handed to the world may be called by it; with what, nobody knows.
  if (frame.context !== 'call' && CALLS_BACK.test(path)) for (const value of call.args) callBack(run, value, frame, at);
  // `Cipher(…).decryptor()`: what it was made with says more than the empty call.
  const isEmpty = call.args.length === 0 && call.keywords.size === 0;
  const result = external(`${path}()`, callee.taint | inward, isEmpty ? (callee.made ?? call) : call);
  return path.startsWith('socket.socket') ? { ...result, taint: result.taint | TAINT.socket } : result;
}

const NAMED_ACCESS = /^__(?:getattribute|getattr|getitem)__$/;

function baseOf(callee: External, method: string): Value {
  return external(callee.path.slice(0, -method.length - 1), callee.taint, callee.made);
}

function withBound(bound: CallShape, given: CallShape): CallShape {
  return { args: [...bound.args, ...given.args], keywords: new Map([...bound.keywords, ...given.keywords]) };
}

const CALLS_BACK =
  /\b(?:start|run|run_until_complete|create_task|ensure_future|gather|submit|call_soon|after|connect|register|add_job|apply_async|starmap)$/;

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
      note(role, inward);
      return executeCode(run, call, inward, frame, at);
    case 'deserialise':
      return deserialise(run, path, call, inward, frame, at);
    case 'compile':
      return external('builtins.compile()', inward, call);
    case 'decode':
      return decodeCall(run, callee, path, call, inward, frame, at);
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
      // Answers of the name service can be texts that somebody chose.
      return unknown(TAINT.host | (path.startsWith('dns.') ? TAINT.network : 0));
    case 'process':
      note(role, inward | startedTaint(run, call));
      runInlinePython(run, call, inward, frame, at);
      runEncodedCommand(run, path, call, inward, frame, at);
      runStartedScripts(run, path, call, inward, frame, at);
      runStartedData(run, call, frame, at);
      return external(`${path}()`, outputTaint(run, call, frame, at), call);
    case 'open': {
      // A temporary file has a path too, which `.name` gives back.
      if (path.startsWith('tempfile.')) return external('builtins.open()', 0, positional(text(`/tmp/${HOLE}`)));
      const taint = first === undefined ? 0 : openTaint(run, first);
      if ((taint & TAINT.allEnvironment) !== 0) reportEnvironment(run, frame, at);
      // What a parser reads out of it (YAML, INI) is as much from the package as the file itself.
      const content = openedContent(run, { made: call, taint: 0 }, frame).taint;
      return external('builtins.open()', taint | (content & (TAINT.packageFile | TAINT.dataFile)), call);
    }
    case 'copy':
      note(role, inward | (first === undefined ? 0 : pathTaint(run, first)));
      copyTaint(run, call);
      return unknown(inward);
    case 'host':
      note(role, inward);
      if (KIND_OF_SYSTEM.test(path)) return external(`${path}()`, 0, call);
      return path === 'os.getcwd' ? text('.', TAINT.host) : external(`${path}()`, TAINT.host, call);
    case 'environment-read':
      return environmentVariable(run, frame, at, first === undefined ? undefined : plainText(firstOf(first)));
    case 'read-media':
      return external(`${path}()`, inward | TAINT.file | TAINT.dataFile, call);
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
      return startCallback(run, path, call, frame, at);
    case 'setup':
      runCommands(run, call, frame, at);
      return unknown();
    default:
      note(role, everything);
      return external(`${path}()`, inward, call);
  }
}

/** Tells only what kind of machine it is, which is what a download is picked by. */
const KIND_OF_SYSTEM = /^platform\.(?:system|machine|architecture)$/;

function openTaint(run: Run, path: Value): number {
  return pathTaint(run, path) | (path.taint & (TAINT.host | TAINT.parameter));
}

function withMaker(call: CallShape, callee: External): CallShape {
  if (callee.made === undefined) return call;
  return { args: [...call.args, ...callee.made.args], keywords: new Map([...callee.made.keywords, ...call.keywords]) };
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
    if (method === 'readlines')
      return (
        foldMethod(openedContent(run, callee, frame), 'splitlines', positional(bool(true))) ??
        unknown(openedContent(run, callee, frame).taint)
      );
    if (/^read/.test(method)) return openedContent(run, callee, frame);
    return undefined;
  }
  const held = heldValue(base, method, made, call);
  if (held !== undefined) return held;
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
  if (method === 'getresponse' && /HTTPS?Connection\(\)$/.test(base)) return external(`${path}()`, TAINT.network, made);
  if ((method === 'recv' || method === 'makefile') && (callee.taint & TAINT.socket) !== 0)
    return unknown(TAINT.network);
  if (method === 'sendmail' || method === 'send_message' || method === 'storbinary') {
    report(run, frame, at, { kind: 'call', role: 'network', name: path, call, taint: inward });
    return unknown();
  }
  return undefined;
}
