import { type CipherMode, openAes, openChaCha20, openFernet, openRc4 } from '../values/cipher.ts';
import { TAINT } from '../values/taint.ts';
import {
  asBytes,
  bytes,
  type CallShape,
  type External,
  firstOf,
  isConstant,
  plainText,
  unknown,
  type Value,
} from '../values/value.ts';
import { reportDecoded } from './report-decoded.ts';
import { type Frame, type Run, report } from './run.ts';

/** Opens what is encrypted with a literal key; any other cipher taints its result. */
export function decryptCall(
  run: Run,
  callee: External,
  path: string,
  call: CallShape,
  taint: number,
  frame: Frame,
  at: number,
): Value {
  // `feed()` of pyaes only asks for the rest.
  if (path.endsWith('.feed') && call.args.length === 0) return bytes(new Uint8Array(), taint);
  report(run, frame, at, {
    kind: 'call',
    role: 'decrypt',
    name: path,
    call: { args: [...call.args, ...(callee.made?.args ?? [])], keywords: call.keywords },
    taint,
  });
  if (path.endsWith('CryptUnprotectData')) return unknown(TAINT.credential | TAINT.decrypted);
  const opened = callee.made === undefined ? undefined : open(path, callee.made, call);
  if (opened === undefined) return unknown(taint | TAINT.decrypted);
  reportDecoded(run, frame, at, path.includes('Fernet') ? 'fernet' : 'cipher', opened);
  return bytes(opened, taint | TAINT.decrypted);
}

function open(path: string, made: CallShape, call: CallShape): Uint8Array | undefined {
  const input = constantBytes(call.args[0] ?? call.keywords.get('ciphertext') ?? call.keywords.get('token'));
  if (input === undefined) return undefined;
  if (path.includes('Fernet')) {
    const key = constantBytes(made.args[0] ?? made.keywords.get('key'));
    return key === undefined ? undefined : openFernet(latin1(key), latin1(input));
  }
  // cryptography's AESGCM(key).decrypt(nonce, data, more): the tag stands at the end of the data.
  const sealed = /\.(AESGCM|AESCCM|ChaCha20Poly1305)\(\)\.decrypt$/.exec(path)?.[1];
  if (sealed !== undefined) {
    const [key, data] = [constantBytes(made.args[0]), constantBytes(call.args[1] ?? call.keywords.get('data'))];
    if (key === undefined || data === undefined) return undefined;
    const content = data.subarray(0, -tagLength(made));
    if (sealed === 'ChaCha20Poly1305') return openChaCha20(key, input, content, 1);
    return openAes(sealed === 'AESCCM' ? 'ccm' : 'gcm', key, input, content);
  }
  const parts = path.startsWith('pyaes.Decrypter') ? pyaesParts(made) : partsOf(path, made);
  if (parts?.key === undefined) return undefined;
  if (/ARC4/.test(parts.name)) return openRc4(parts.key, input);
  if (/ChaCha20/.test(parts.name))
    return parts.iv === undefined
      ? undefined
      : openChaCha20(parts.key, parts.iv.subarray(-12), input, /Poly1305/.test(parts.name) ? 1 : 0);
  return parts.mode === undefined ? undefined : openAes(parts.mode, parts.key, parts.iv, input);
}

/** `AESCCM(key, tag_length=8)`; 16 bytes otherwise. */
function tagLength(made: CallShape): number {
  const given = firstOf(made.keywords.get('tag_length') ?? made.args[1] ?? unknown());
  return given.kind === 'number' ? Math.max(1, Number(given.value)) : 16;
}

type Parts = {
  readonly name: string;
  readonly key?: Uint8Array | undefined;
  readonly iv?: Uint8Array | undefined;
  readonly mode?: CipherMode | undefined;
};

/** `pyaes.Decrypter(pyaes.AESModeOfOperationCBC(key, iv))`. */
function pyaesParts(made: CallShape): Parts | undefined {
  const inner = firstOf(made.args[0] ?? unknown());
  return inner.kind === 'external' && inner.made !== undefined ? partsOf(inner.path, inner.made) : undefined;
}

/** Algorithm, key, mode and start value out of the call that made the cipher. */
function partsOf(path: string, made: CallShape): Parts | undefined {
  const [first, second, third] = made.args.map(firstOf);
  const keyword = (...names: readonly string[]) => names.map((name) => made.keywords.get(name)).find(Boolean);
  // cryptography: Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
  if (path.includes('Cipher().decryptor')) {
    const mode = second ?? firstOf(keyword('mode') ?? unknown());
    if (first?.kind !== 'external') return undefined;
    return {
      name: first.path,
      key: constantBytes(first.made?.args[0]),
      iv:
        constantBytes(mode.kind === 'external' ? mode.made?.args[0] : undefined) ?? constantBytes(first.made?.args[1]),
      mode: modeOf(mode.kind === 'external' ? mode.path : ''),
    };
  }
  const key = constantBytes(first ?? keyword('key'));
  if (path.startsWith('pyaes.')) {
    const iv = constantBytes(keyword('iv') ?? second);
    const counter = keyword('counter') ?? second;
    return {
      name: 'AES',
      key,
      iv: iv ?? counterBlock(counter === undefined ? undefined : firstOf(counter)),
      mode: modeOf(path.replace(/\(\).*$/, '')),
    };
  }
  // pycryptodome: AES.new(key, AES.MODE_CBC, iv)
  const mode = second ?? firstOf(keyword('mode') ?? unknown());
  const name = mode.kind === 'external' ? mode.path : mode.kind === 'number' ? NUMBERED.get(Number(mode.value)) : '';
  const counter = keyword('counter');
  const startValue = keyword('initial_value');
  const start = startValue === undefined ? undefined : firstOf(startValue);
  const nonce = constantBytes(third ?? keyword('iv', 'IV', 'nonce'));
  const segment = firstOf(keyword('segment_size') ?? unknown());
  return {
    name: path,
    key,
    iv:
      counter !== undefined
        ? counterBlock(firstOf(counter))
        : start?.kind === 'number'
          ? blockOf(nonce ?? new Uint8Array(), wholeOf(start.value))
          : (nonce ?? constantBytes(start)),
    mode: segment.kind === 'number' && Number(segment.value) === 128 ? wide(modeOf(name ?? '')) : modeOf(name ?? ''),
  };
}

/** `Counter.new(128, prefix=…, initial_value=…)` of pycryptodome, `Counter(5)` of pyaes; 1 where nothing is said. */
function counterBlock(counter: Value | undefined): Uint8Array | undefined {
  const made = counter?.kind === 'external' ? counter.made : undefined;
  const isPyaes = counter?.kind === 'external' && counter.path.startsWith('pyaes.');
  const start = firstOf(made?.keywords.get('initial_value') ?? (isPyaes ? made?.args[0] : undefined) ?? unknown());
  const prefix = constantBytes(made?.keywords.get('prefix')) ?? new Uint8Array();
  return blockOf(prefix, start.kind === 'number' ? wholeOf(start.value) : 1n);
}

/** A counter block: what stands before the counter, and its first value to the end of the block. */
function blockOf(prefix: Uint8Array, value: bigint): Uint8Array | undefined {
  if (prefix.length > 16 || value < 0n) return undefined;
  const block = new Uint8Array(16);
  let rest = value;
  for (let at = 15; at >= prefix.length; at--, rest >>= 8n) block[at] = Number(rest & 0xffn);
  block.set(prefix);
  return block;
}

/** Counters are as long as a block: more digits than a number holds. */
function wholeOf(value: number | bigint): bigint {
  return typeof value === 'bigint' ? value : BigInt(Math.trunc(value));
}

function wide(mode: CipherMode | undefined): CipherMode | undefined {
  return mode === 'cfb8' ? 'cfb' : mode;
}

/** The values of pycryptodome's `AES.MODE_…`. */
const NUMBERED = new Map([
  [1, 'ECB'],
  [2, 'CBC'],
  [3, 'CFB'],
  [5, 'OFB'],
  [6, 'CTR'],
  [8, 'CCM'],
  [9, 'EAX'],
  [11, 'GCM'],
]);

function modeOf(name: string): CipherMode | undefined {
  const found = /(ECB|CBC|CTR|OFB|GCM|CCM|EAX|CFB8?)(?:\(\))?$/.exec(name)?.[1]?.toLowerCase();
  // pycryptodome's CFB works on 8 bits unless it is told otherwise.
  return found === 'cfb' ? 'cfb8' : (found as CipherMode | undefined);
}

function constantBytes(value: Value | undefined): Uint8Array | undefined {
  const from = value === undefined ? undefined : asBytes(firstOf(value));
  if (from === undefined || !isConstant(from)) return undefined;
  if (from.kind === 'bytes') return from.value;
  return from.kind === 'text' ? Buffer.from(plainText(from) ?? '') : undefined;
}

function latin1(input: Uint8Array): string {
  return Buffer.from(input).toString('latin1');
}
