import { formatPercent } from './format.ts';
import { TAINT } from './taint.ts';
import {
  asBytes,
  bool,
  bytes,
  firstOf,
  HOLE,
  isConstant,
  list,
  MAX_ITEMS,
  MAX_TEXT,
  number,
  plainText,
  text,
  truthOf,
  unknown,
  type Value,
} from './value.ts';

/** Folds a binary operator over what is known of both sides. */
export function foldBinary(operator: string, leftValue: Value, rightValue: Value): Value {
  const left = asBytes(firstOf(leftValue));
  const right = asBytes(firstOf(rightValue));
  const taint = leftValue.taint | rightValue.taint;
  if (left.kind === 'number' && right.kind === 'number') return foldNumbers(operator, left.value, right.value, taint);
  if (operator === '+') return concatenate(left, right, taint);
  if (operator === '%' && (left.kind === 'text' || left.kind === 'bytes')) return formatPercent(left, right, taint);
  if (operator === '*') return repeat(left, right, taint) ?? unknown(taint);
  if (operator === '/') return joinPath(left, right, taint);
  if (operator === '^' || operator === '&' || operator === '|') return foldBits(operator, left, right, taint);
  return unknown(taint);
}

function concatenate(left: Value, right: Value, taint: number): Value {
  if (left.kind === 'bytes' && right.kind === 'bytes') return bytes(Buffer.concat([left.value, right.value]), taint);
  if (left.kind === 'list' && right.kind === 'list' && left.items.length + right.items.length <= MAX_ITEMS) {
    return {
      kind: 'list',
      type: left.type,
      items: [...left.items, ...right.items],
      open: left.open || right.open,
      taint,
    };
  }
  if (left.kind === 'text' || right.kind === 'text') {
    const joined = (plainText(left) ?? HOLE) + (plainText(right) ?? HOLE);
    return text(joined, taint);
  }
  return unknown(taint);
}

function repeat(left: Value, right: Value, taint: number): Value | undefined {
  const [value, times] =
    right.kind === 'number' ? [left, right.value] : left.kind === 'number' ? [right, left.value] : [];
  if (value === undefined || times === undefined) return undefined;
  const count = Math.max(0, Number(times));
  if (value.kind === 'text' && value.value.length * count <= MAX_TEXT) return text(value.value.repeat(count), taint);
  if (value.kind === 'bytes' && value.value.length * count <= MAX_TEXT) {
    return bytes(Buffer.concat(Array.from({ length: count }, () => value.value)), taint);
  }
  if (value.kind === 'list' && value.items.length * count <= MAX_ITEMS) {
    return list(Array.from({ length: count }, () => value.items).flat(), taint, value.type);
  }
  return undefined;
}

/** pathlib: `Path.home() / '.ssh'`. The left side is known by its path or by its text. */
function joinPath(left: Value, right: Value, taint: number): Value {
  const head = plainText(left) ?? HOLE;
  const tail = plainText(right) ?? HOLE;
  return left.kind === 'number' || right.kind === 'number' ? unknown(taint) : text(`${head}/${tail}`, taint);
}

function foldBits(operator: string, left: Value, right: Value, taint: number): Value {
  if (left.kind === 'bool' && right.kind === 'bool') {
    const both =
      operator === '&'
        ? left.value && right.value
        : operator === '|'
          ? left.value || right.value
          : left.value !== right.value;
    return bool(both, taint);
  }
  return unknown(operator === '^' ? taint | TAINT.decoded : taint);
}

function foldNumbers(operator: string, left: number | bigint, right: number | bigint, taint: number): Value {
  const mark = operator === '^' ? taint | TAINT.decoded : taint;
  if (typeof left === 'number' && typeof right === 'number') {
    const small = foldSmall(operator, left, right);
    if (small !== undefined && (Number.isSafeInteger(small) || !Number.isInteger(small))) return number(small, mark);
  }
  if (!isWhole(left) || !isWhole(right)) return unknown(mark);
  const big = foldBig(operator, BigInt(left), BigInt(right));
  return big === undefined ? unknown(mark) : number(big >= -(2n ** 53n) && big <= 2n ** 53n ? Number(big) : big, mark);
}

/** True for numbers that are exact as a bigint too. */
export function isWhole(value: number | bigint): boolean {
  return typeof value === 'bigint' || Number.isSafeInteger(value);
}

function foldSmall(operator: string, left: number, right: number): number | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? undefined : left / right;
    case '//':
      return right === 0 ? undefined : Math.floor(left / right);
    case '%':
      return right === 0 ? undefined : left - right * Math.floor(left / right);
    case '**':
      return right >= 0 && right < 64 ? left ** right : undefined;
    default:
      return undefined;
  }
}

const MAX_BITS = 1 << 20;

function foldBig(operator: string, left: bigint, right: bigint): bigint | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return bitsOf(left) + bitsOf(right) < MAX_BITS ? left * right : undefined;
    case '//':
      return right === 0n ? undefined : floorDivide(left, right);
    case '%':
      return right === 0n ? undefined : left - right * floorDivide(left, right);
    case '**':
      return right >= 0n && right < 5000n && bitsOf(left) * Number(right) < MAX_BITS ? left ** right : undefined;
    case '^':
      return left ^ right;
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '<<':
      return right >= 0n && right < 100_000n ? left << right : undefined;
    case '>>':
      return right >= 0n ? left >> right : undefined;
    default:
      return undefined;
  }
}

function bitsOf(value: bigint): number {
  return value.toString(16).length * 4;
}

function floorDivide(left: bigint, right: bigint): bigint {
  const quotient = left / right;
  return left % right !== 0n && left < 0n !== right < 0n ? quotient - 1n : quotient;
}

export function foldUnary(operator: string, value: Value): Value {
  const operand = firstOf(value);
  if (operator === 'not') {
    const truth = truthOf(value.kind === 'options' ? unknown() : operand);
    return truth === undefined ? unknown(value.taint) : bool(!truth, value.taint);
  }
  if (operand.kind !== 'number') return unknown(value.taint);
  if (operator === '-') return number(-operand.value, value.taint);
  if (operator === '~')
    return number(typeof operand.value === 'bigint' ? ~operand.value : -operand.value - 1, value.taint);
  return operand;
}

/** Compares constants; undefined when the answer is not known. */
export function foldCompare(operator: string, left: Value, right: Value): boolean | undefined {
  if (left.kind === 'options' || right.kind === 'options') return undefined;
  if (operator === 'in' || operator === 'not in') {
    const found = contains(right, left);
    return found === undefined ? undefined : found === (operator === 'in');
  }
  if (!isConstant(left) || !isConstant(right)) return undefined;
  const one = comparable(left);
  const other = comparable(right);
  if (one === undefined || other === undefined) return undefined;
  const same =
    typeof one === typeof other
      ? one === other
      : Number(one) === Number(other) && typeof one !== 'string' && typeof other !== 'string';
  switch (operator) {
    case '==':
    case 'is':
      return same;
    case '!=':
    case 'is not':
    case '<>':
      return !same;
    case '<':
      return one < other;
    case '<=':
      return one <= other;
    case '>':
      return one > other;
    case '>=':
      return one >= other;
    default:
      return undefined;
  }
}

function comparable(value: Value): string | number | bigint | undefined {
  if (value.kind === 'number') return value.value;
  if (value.kind === 'bool') return value.value ? 1 : 0;
  const plain = plainText(value);
  return plain === undefined ? undefined : `${value.kind}:${plain}`;
}

function contains(container: Value, item: Value): boolean | undefined {
  if (!isConstant(container) || !isConstant(item)) return undefined;
  const wanted = plainText(item);
  if (wanted === undefined) return undefined;
  if (container.kind === 'list') return container.items.some((each) => plainText(each) === wanted);
  return plainText(container)?.includes(wanted);
}
