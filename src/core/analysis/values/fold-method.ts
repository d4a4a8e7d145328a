import { decodeText, rot13 } from '../syntax/text-codec.ts';
import { binaryCodec, DECODERS } from './decode.ts';
import { foldBinary, isWhole } from './fold-operator.ts';
import { formatBraces, translate } from './format.ts';
import { splitLines } from './split-lines.ts';
import { TAINT } from './taint.ts';
import {
  asBytes,
  bool,
  bytes,
  type CallShape,
  firstOf,
  HOLE,
  isConstant,
  list,
  MAX_ITEMS,
  MAX_TEXT,
  number,
  plainText,
  taintOf,
  text,
  unknown,
  type Value,
} from './value.ts';

/** Folds a method of a text, bytes, list or dict constant; undefined when it has no model here. */
export function foldMethod(given: Value, name: string, call: CallShape): Value | undefined {
  const receiver = given.kind === 'list' && GROWING.has(name) ? given : asBytes(given);
  const taint = receiver.taint | taintOf(call.args);
  const operator = OPERATORS.get(name);
  if (operator !== undefined && call.args[0] !== undefined) return foldBinary(operator, receiver, call.args[0]);
  switch (receiver.kind) {
    case 'text':
      return foldText(receiver.value, name, call, taint);
    case 'bytes':
      return foldBytes(receiver.value, name, call, taint);
    case 'list':
      return foldList(receiver, name, call, taint);
    case 'dict':
      return foldDict(receiver, name, call, taint);
    case 'number':
      return foldNumber(receiver.value, name, call, taint);
    default:
      return undefined;
  }
}

const OPERATORS = new Map([
  ['__add__', '+'],
  ['__mul__', '*'],
  ['__mod__', '%'],
  ['__xor__', '^'],
  ['__sub__', '-'],
]);

/** Methods that a bytearray shares with lists. */
const GROWING = new Set(['append', 'extend', 'insert', 'reverse', 'pop', 'clear', 'copy']);

function textArgument(call: CallShape, index: number): string | undefined {
  const value = call.args[index];
  return value === undefined ? undefined : plainText(firstOf(value));
}

function countArgument(call: CallShape, index: number): number | undefined {
  const value = call.args[index];
  return value?.kind === 'number' ? Number(value.value) : undefined;
}

function foldText(value: string, name: string, call: CallShape, taint: number): Value | undefined {
  const one = textArgument(call, 0);
  const two = textArgument(call, 1);
  switch (name) {
    case 'join':
      return joinItems(value, call.args[0], taint);
    case 'format':
      return formatBraces(value, call, taint | taintOf(call.keywords.values()));
    case 'format_map':
      return formatMap(value, call.args[0], taint);
    case 'partition':
    case 'rpartition':
      return one === undefined || one === '' ? unknown(taint) : partition(value, one, name === 'rpartition', taint);
    case 'expandtabs':
      return text(value.replaceAll('\t', ' '.repeat(Math.min(countArgument(call, 0) ?? 8, 16))), taint);
    case 'isalpha':
      return value.includes(HOLE) ? unknown(taint) : bool(/^[a-zA-Z]+$/.test(value), taint);
    case 'isalnum':
      return value.includes(HOLE) ? unknown(taint) : bool(/^[a-zA-Z0-9]+$/.test(value), taint);
    case 'replace':
      return one === undefined || two === undefined
        ? text(value, taint)
        : text(replaceText(value, one, two, countArgument(call, 2)), taint);
    case 'split':
    case 'rsplit':
      return splitText(value, one, countArgument(call, 1), taint);
    case 'splitlines':
      return splitLines(value, call, taint);
    case 'strip':
    case 'lstrip':
    case 'rstrip':
      return text(stripText(value, one, name), taint);
    case 'lower':
    case 'casefold':
      return text(value.toLowerCase(), taint);
    case 'upper':
      return text(value.toUpperCase(), taint);
    case 'capitalize':
    case 'title':
      return text(value.slice(0, 1).toUpperCase() + value.slice(1).toLowerCase(), taint);
    case 'swapcase':
      return text(
        value.replace(/[a-zA-Z]/g, (char) => (char < 'a' ? char.toLowerCase() : char.toUpperCase())),
        taint,
      );
    case 'translate':
      return call.args[0] === undefined ? undefined : text(translate(value, firstOf(call.args[0])) ?? HOLE, taint);
    case 'removeprefix':
      return text(one !== undefined && value.startsWith(one) ? value.slice(one.length) : value, taint);
    case 'removesuffix':
      return text(one !== undefined && value.endsWith(one) ? value.slice(0, value.length - one.length) : value, taint);
    case 'zfill':
      return text(value.padStart(Math.min(countArgument(call, 0) ?? 0, MAX_TEXT + 1), '0'), taint);
    case 'find':
    case 'index':
      return one === undefined || value.includes(HOLE) ? unknown(taint) : number(value.indexOf(one), taint);
    case 'count':
      return one === undefined || one === '' || value.includes(HOLE)
        ? unknown(taint)
        : number(value.split(one).length - 1, taint);
    case 'startswith':
      return one === undefined || value.includes(HOLE) ? unknown(taint) : bool(value.startsWith(one), taint);
    case 'endswith':
      return one === undefined || value.includes(HOLE) ? unknown(taint) : bool(value.endsWith(one), taint);
    case 'isdigit':
      return value.includes(HOLE) ? unknown(taint) : bool(/^\d+$/.test(value), taint);
    case 'encode':
      return encodeText(value, one ?? 'utf-8', taint);
    case 'decode':
      return decodePython2(value, one ?? '', taint);
    default:
      return undefined;
  }
}

/** Python 2's `'…'.decode('base64')`; texts of Python 3 have no such method. */
function decodePython2(value: string, codec: string, taint: number): Value {
  if (/rot.?13/i.test(codec)) return text(rot13(value), taint | TAINT.decoded);
  const name = binaryCodec(codec);
  if (name === undefined || value.includes(HOLE)) return text(value, taint);
  const output = DECODERS[name](Buffer.from(value, 'latin1'));
  return output === undefined || output === 'limit'
    ? unknown(taint | TAINT.decoded)
    : bytes(output, taint | TAINT.decoded);
}

function formatMap(value: string, values: Value | undefined, taint: number): Value {
  const from = values === undefined ? undefined : firstOf(values);
  if (from?.kind !== 'dict') return text(value, taint);
  const keywords = new Map([...from.entries].map(([key, each]) => [key.slice(2), each]));
  return formatBraces(value, { args: [], keywords }, taint | from.taint);
}

function partition(value: string, separator: string, fromEnd: boolean, taint: number): Value {
  const at = fromEnd ? value.lastIndexOf(separator) : value.indexOf(separator);
  const parts =
    at >= 0
      ? [value.slice(0, at), separator, value.slice(at + separator.length)]
      : fromEnd
        ? ['', '', value]
        : [value, '', ''];
  return list(
    parts.map((part) => text(part, taint)),
    taint,
    'tuple',
  );
}

function encodeText(value: string, codec: string, taint: number): Value {
  if (/rot.?13/i.test(codec)) return text(rot13(value), taint | TAINT.decoded);
  if (value.includes(HOLE)) return text(value, taint);
  if (/^utf-?_?16/i.test(codec)) return bytes(Buffer.from(value, 'utf16le'), taint);
  return bytes(Buffer.from(value, /^(latin|iso)/i.test(codec) ? 'latin1' : 'utf8'), taint);
}

function joinItems(separator: string, items: Value | undefined, taint: number): Value {
  const from = items === undefined ? undefined : firstOf(items);
  if (from?.kind === 'text') return text([...from.value].join(separator), taint);
  if (from?.kind !== 'list') return text(HOLE, taint);
  return text(
    from.items.map((each) => plainText(firstOf(each)) ?? HOLE).join(separator) + (from.open ? HOLE : ''),
    taint | taintOf(from.items),
  );
}

function replaceText(value: string, from: string, to: string, times: number | undefined): string {
  if (times === undefined || times < 0) return value.replaceAll(from, () => to);
  let made = value;
  let at = 0;
  for (let done = 0; done < Math.min(times, 1000); done++) {
    const found = made.indexOf(from, at);
    if (found < 0) break;
    made = made.slice(0, found) + to + made.slice(found + from.length);
    at = found + to.length;
  }
  return made;
}

function splitText(value: string, separator: string | undefined, times: number | undefined, taint: number): Value {
  const pieces =
    separator === undefined || separator === ''
      ? value.split(/\s+/).filter((each) => each !== '')
      : value.split(separator);
  const kept =
    times === undefined || times < 0 || pieces.length <= times + 1
      ? pieces
      : [...pieces.slice(0, times), pieces.slice(times).join(separator ?? ' ')];
  return list(
    kept.map((each) => text(each, taint)),
    taint,
  );
}

function stripText(value: string, chars: string | undefined, name: string): string {
  const drop = (char: string | undefined) =>
    char !== undefined && (chars === undefined ? char.trim() === '' : chars.includes(char));
  let start = 0;
  let end = value.length;
  if (name !== 'rstrip') while (start < end && drop(value[start])) start++;
  if (name !== 'lstrip') while (end > start && drop(value[end - 1])) end--;
  return value.slice(start, end);
}

function foldBytes(value: Uint8Array, name: string, call: CallShape, taint: number): Value | undefined {
  switch (name) {
    case 'decode': {
      const codec = textArgument(call, 0) ?? plainText(call.keywords.get('encoding') ?? text('utf-8')) ?? 'utf-8';
      if (binaryCodec(codec) !== undefined) return decodePython2(Buffer.from(value).toString('latin1'), codec, taint);
      const decoded = decodeText(value, codec);
      // A codec that hides letters as well as any cipher, and that we have no table of.
      return decoded === undefined ? unknown(taint | TAINT.decoded) : text(decoded, taint);
    }
    case 'hex':
      return text(Buffer.from(value).toString('hex'), taint);
    case 'fromhex': {
      const output = DECODERS.base16(Buffer.from(textArgument(call, 0) ?? ' ?', 'latin1'));
      return output === undefined ? unknown(taint | TAINT.decoded) : bytes(output, taint | TAINT.decoded);
    }
    case 'translate': {
      const table = call.args[0];
      return table?.kind === 'bytes' && table.value.length === 256
        ? bytes(
            value.map((each) => table.value[each]!),
            taint | TAINT.decoded,
          )
        : unknown(taint);
    }
    case 'join': {
      const items = call.args[0];
      if (items?.kind !== 'list' || !isConstant(items)) return unknown(taint);
      return bytes(
        Buffer.concat(
          items.items.flatMap((each, index) => [
            ...(index > 0 ? [value] : []),
            Buffer.from(plainText(each) ?? '', 'latin1'),
          ]),
        ),
        taint,
      );
    }
    default: {
      const folded = foldText(Buffer.from(value).toString('latin1'), name, call, taint);
      if (folded?.kind === 'text') return bytes(Buffer.from(folded.value, 'latin1'), folded.taint);
      if (folded?.kind === 'list')
        return list(
          folded.items.map((each) => bytes(Buffer.from(plainText(each) ?? '', 'latin1'), taint)),
          taint,
        );
      return folded;
    }
  }
}

function foldList(
  receiver: Extract<Value, { kind: 'list' }>,
  name: string,
  call: CallShape,
  taint: number,
): Value | undefined {
  const [first] = call.args;
  switch (name) {
    case 'append':
    case 'add':
      return grow(receiver, receiver.items.length, first === undefined ? [] : [first], taint);
    case 'extend':
    case 'update':
      receiver.open ||= first?.kind !== 'list';
      return grow(receiver, receiver.items.length, first?.kind === 'list' ? first.items : [], taint);
    case 'insert':
      return grow(receiver, countArgument(call, 0) ?? 0, [call.args[1] ?? unknown()], taint);
    case 'reverse':
      receiver.items.reverse();
      return { kind: 'none', taint: 0 };
    case 'pop':
      return receiver.open
        ? unknown(taint)
        : ((countArgument(call, 0) === 0 ? receiver.items.shift() : receiver.items.pop()) ?? unknown(taint));
    case 'copy':
      return { ...receiver, items: [...receiver.items] };
    case 'index': {
      const wanted = first === undefined ? undefined : plainText(first);
      return wanted === undefined
        ? unknown(taint)
        : number(
            receiver.items.findIndex((each) => plainText(each) === wanted),
            taint,
          );
    }
    default:
      return undefined;
  }
}

/** Puts items into a list; one that outgrows the limit counts as not fully known. */
function grow(receiver: Extract<Value, { kind: 'list' }>, at: number, items: readonly Value[], taint: number): Value {
  receiver.taint |= taint;
  if (receiver.items.length + items.length > MAX_ITEMS) receiver.open = true;
  else receiver.items.splice(at, 0, ...items.slice(0, MAX_ITEMS));
  return { kind: 'none', taint: 0 };
}

function foldDict(
  receiver: Extract<Value, { kind: 'dict' }>,
  name: string,
  call: CallShape,
  taint: number,
): Value | undefined {
  const [first, second] = call.args;
  switch (name) {
    case 'get':
    case 'pop':
    case 'setdefault': {
      const key = textArgument(call, 0);
      const prefix = first?.kind === 'number' ? 'n' : 't';
      const found = key === undefined ? undefined : receiver.entries.get(`${prefix}:${key}`);
      return found ?? (receiver.open || key === undefined ? unknown(taint) : (second ?? { kind: 'none', taint: 0 }));
    }
    case 'items':
      return pairs(receiver, (key, value) => list([key, value], 0, 'tuple'), taint);
    case 'keys':
      return pairs(receiver, (key) => key, taint);
    case 'values':
      return pairs(receiver, (_key, value) => value, taint);
    case 'update':
      if (first?.kind === 'dict') for (const [key, value] of first.entries) receiver.entries.set(key, value);
      for (const [key, value] of call.keywords) receiver.entries.set(`t:${key}`, value);
      receiver.taint |= taint | taintOf(call.keywords.values());
      return { kind: 'none', taint: 0 };
    case 'copy':
      return { ...receiver, entries: new Map(receiver.entries) };
    default:
      return undefined;
  }
}

/** The dict's content as a list. */
export function pairs(
  dict: Extract<Value, { kind: 'dict' }>,
  make: (key: Value, value: Value) => Value,
  taint: number,
): Value {
  const items = [...dict.entries].map(([key, value]) =>
    make(key.startsWith('n:') ? number(Number(key.slice(2))) : text(key.slice(2)), value),
  );
  return { kind: 'list', type: 'list', items, open: dict.open, taint };
}

function bitLength(value: number | bigint): number {
  if (value === 0 || value === 0n) return 0;
  return value.toString(2).replace(/^-/, '').replace(/\..*$/, '').length;
}

function foldNumber(value: number | bigint, name: string, call: CallShape, taint: number): Value | undefined {
  if (!isWhole(value)) return undefined;
  if (name === 'bit_length') return number(bitLength(value), taint);
  if (name !== 'to_bytes') return undefined;
  const length = countArgument(call, 0);
  const order = textArgument(call, 1) ?? plainText(call.keywords.get('byteorder') ?? text('big'));
  if (length === undefined || length > 1_000_000 || length < 1) return unknown(taint);
  const big = Buffer.from(
    BigInt(value)
      .toString(16)
      .padStart(length * 2, '0')
      .slice(-length * 2),
    'hex',
  );
  return bytes(order === 'little' ? big.reverse() : big, taint | TAINT.decoded);
}
