import { createHash, getHashes, pbkdf2Sync } from 'node:crypto';
import { withoutPadding } from '../values/cipher.ts';
import { asBytes, bytes, type CallShape, firstOf, plainText, text, unknown, type Value } from '../values/value.ts';
import type { Run } from './run.ts';

/** Key derivation is made to cost time; more rounds than this are not worth it. */
const MAX_ROUNDS = 200_000;

/** `hashlib.sha256(data).digest()`: keys are often made of a password. */
export function digest(maker: string, method: string, content: Value | undefined): Value | undefined {
  const input = content === undefined ? undefined : asBytes(firstOf(content));
  const name = /^hashlib\.(\w+)\(\)$/.exec(maker)?.[1] ?? '';
  if (input?.kind !== 'bytes' || !getHashes().includes(name)) return undefined;
  const made = createHash(name).update(input.value).digest();
  return method === 'digest' ? bytes(made, input.taint) : text(made.toString('hex'), input.taint);
}

/** `hashlib.pbkdf2_hmac(name, password, salt, rounds, length)`. */
export function derivedKey(call: CallShape, taint: number, { run }: { readonly run: Pick<Run, 'steps'> }): Value {
  const [name, password, salt, rounds, length] = call.args.map((each) => asBytes(firstOf(each)));
  const hash = name === undefined ? '' : (plainText(name) ?? '');
  if (password?.kind !== 'bytes' || salt?.kind !== 'bytes' || rounds?.kind !== 'number' || !getHashes().includes(hash))
    return unknown(taint);
  const count = Number(rounds.value);
  const size = length?.kind === 'number' ? Number(length.value) : createHash(hash).digest().length;
  if (!(count >= 1 && count <= MAX_ROUNDS && size >= 1 && size <= 64)) return unknown(taint);
  run.steps -= count;
  return bytes(pbkdf2Sync(password.value, salt.value, Math.trunc(count), Math.trunc(size), hash), taint);
}

/** `unpad(data, 16)`. */
export function unpadded(value: Value): Value {
  const input = asBytes(firstOf(value));
  return input.kind === 'bytes' ? bytes(withoutPadding(input.value), value.taint) : value;
}
