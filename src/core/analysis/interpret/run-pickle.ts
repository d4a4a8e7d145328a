import { roleOf } from '../catalogue/roles.ts';
import { TAINT } from '../values/taint.ts';
import { bytes, list, none, positional, text, unknown, type Value } from '../values/value.ts';
import { outsideModule } from './imports.ts';
import type { Frame, Run } from './run.ts';

const MAX_OPCODES = 20_000;
const MAX_STACK = 5_000;

/** Bytes that follow an opcode and that nobody needs (pickletools of the standard library lists them). */
const SKIPPED: Readonly<Record<string, number>> = {
  J: 4,
  K: 1,
  M: 2,
  G: 8,
  '\x80': 1,
  '\x82': 1,
  '\x83': 2,
  '\x84': 4,
  '\x95': 8,
};
/** Opcodes that put something unknown on the stack. */
const PUSHES = 'JKMG\x82\x83\x84\x88\x89\x97';
/** Opcodes whose data has its length before it: how many bytes that length has. */
const SIZED: Readonly<Record<string, number>> = {
  T: 4,
  U: 1,
  X: 4,
  B: 4,
  C: 1,
  '\x8a': 1,
  '\x8b': 4,
  '\x8c': 1,
  '\x8d': 8,
  '\x8e': 8,
  '\x96': 8,
};

type Machine = { readonly stack: Value[]; readonly marks: number[]; readonly memo: Map<number, Value> };

/**
 * Follows what a pickle would call when it is loaded, with the calls of the interpreter instead of real ones. Returns how
 * many of the calls matter to a rule. Objects are not built: only texts, bytes, tuples and the functions that are named matter.
 */
export function runPickle(run: Run, input: Uint8Array, taint: number, frame: Frame, at: number): number {
  const machine: Machine = { stack: [], marks: [], memo: new Map() };
  const push = (value: Value) => machine.stack.push(value);
  const pop = () => machine.stack.pop() ?? unknown(taint);
  const concealed = taint | TAINT.decoded;
  let calls = 0;
  let position = 0;
  const lineEnd = (): string => {
    const end = input.indexOf(10, position);
    const line = latin1(input.subarray(position, end < 0 ? input.length : end));
    position = end < 0 ? input.length : end + 1;
    return line;
  };
  const call = (callee: Value, args: readonly Value[]): Value => {
    if (callee.kind !== 'external') return unknown(taint);
    if (roleOf(callee.path) !== undefined) calls++;
    return run.call(callee, positional(...args), frame, at);
  };
  const named = (module: string, name: string): Value => {
    const from = outsideModule(module);
    return name.split('.').reduce((object, part) => run.attribute(object, part, frame), from);
  };
  for (let count = 0; count < MAX_OPCODES && position < input.length; count++) {
    const opcode = String.fromCharCode(input[position++]!);
    const size = SIZED[opcode];
    if (size !== undefined) {
      const length = readLength(input, position, size);
      position += size;
      const data = input.subarray(position, position + length);
      position += length;
      push(/[TUXBC\x8c-\x8e\x96]/.test(opcode) ? heldBy(opcode, data, concealed) : unknown());
    } else if (SKIPPED[opcode] !== undefined) {
      position += SKIPPED[opcode];
      if (PUSHES.includes(opcode)) push(unknown());
    } else if (opcode === '.') {
      break;
    } else if ('FILP'.includes(opcode)) {
      lineEnd();
      push(unknown());
    } else if (opcode === 'S' || opcode === 'V') {
      push(
        text(
          lineEnd()
            .replace(/^(['"])([\s\S]*)\1$/, '$2')
            .replaceAll('\\n', '\n'),
          concealed,
        ),
      );
    } else if (opcode === 'c') {
      push(named(lineEnd(), lineEnd()));
    } else if (opcode === '\x93') {
      const [name, module] = [pop(), pop()];
      push(name.kind === 'text' && module.kind === 'text' ? named(module.value, name.value) : unknown(taint));
    } else if (opcode === 'R' || opcode === '\x81') {
      const [args, callee] = [pop(), pop()];
      push(call(callee, args.kind === 'list' ? args.items : []));
    } else if (opcode === 'i') {
      const callee = named(lineEnd(), lineEnd());
      push(call(callee, sinceMark(machine)));
    } else if (opcode === 'o') {
      const [callee = unknown(), ...args] = sinceMark(machine);
      push(call(callee, args));
    } else step(machine, opcode, input, position, push, pop);
    position += ARGUMENTS[opcode] ?? 0;
    if (opcode === 'p' || opcode === 'g') stepByLine(machine, opcode, lineEnd(), push);
    if (machine.stack.length > MAX_STACK) break;
  }
  return calls;
}

/** Bytes of the number behind opcodes that `step` reads itself. */
const ARGUMENTS: Readonly<Record<string, number>> = { q: 1, h: 1, r: 4, j: 4 };

/** Opcodes that only move values. */
function step(
  machine: Machine,
  opcode: string,
  input: Uint8Array,
  position: number,
  push: (value: Value) => void,
  pop: () => Value,
): void {
  const { stack, marks, memo } = machine;
  switch (opcode) {
    case '(':
      marks.push(stack.length);
      return;
    case '0':
      pop();
      return;
    case '1':
    case 'a':
    case 'b':
      if (opcode === '1') sinceMark(machine);
      else pop();
      return;
    case 's':
      pop();
      pop();
      return;
    case 'e':
    case 'u':
    case '\x90':
      sinceMark(machine);
      return;
    case '2':
      push(stack.at(-1) ?? unknown());
      return;
    case 'N':
      push(none());
      return;
    case ')':
    case ']':
      push(list([]));
      return;
    case '}':
    case '\x8f':
      push(unknown());
      return;
    case 't':
    case 'l':
    case '\x91':
      push(list(sinceMark(machine), 0, 'tuple'));
      return;
    case 'd':
      sinceMark(machine);
      push(unknown());
      return;
    case '\x85':
    case '\x86':
    case '\x87':
      push(list(stack.splice(-(opcode.charCodeAt(0) - 0x84)), 0, 'tuple'));
      return;
    case '\x94':
      memo.set(memo.size, stack.at(-1) ?? unknown());
      return;
    case 'q':
    case 'r':
      memo.set(readLength(input, position, opcode === 'q' ? 1 : 4), stack.at(-1) ?? unknown());
      return;
    case 'h':
    case 'j':
      push(memo.get(readLength(input, position, opcode === 'h' ? 1 : 4)) ?? unknown());
      return;
    default:
      return;
  }
}

/** The memo of protocol 0, with its numbers written out. */
function stepByLine({ stack, memo }: Machine, opcode: string, line: string, push: (value: Value) => void): void {
  if (opcode === 'p') memo.set(Number(line), stack.at(-1) ?? unknown());
  else push(memo.get(Number(line)) ?? unknown());
}

function sinceMark({ stack, marks }: Machine): Value[] {
  return stack.splice(marks.pop() ?? stack.length);
}

function heldBy(opcode: string, data: Uint8Array, taint: number): Value {
  if (/[BC\x8e\x96]/.test(opcode)) return bytes(data, taint);
  return text(/[TU]/.test(opcode) ? latin1(data) : Buffer.from(data).toString('utf8'), taint);
}

/** A little-endian number; hostile ones are as large as they like and end the reading. */
function readLength(input: Uint8Array, position: number, size: number): number {
  let value = 0;
  for (let index = Math.min(size, 6) - 1; index >= 0; index--) value = value * 256 + (input[position + index] ?? 0);
  return value;
}

function latin1(data: Uint8Array): string {
  return Buffer.from(data).toString('latin1');
}
