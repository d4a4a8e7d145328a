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
  if (/\.AES(?:GCM|CCM)\(\)\.decrypt$/.test(path)) {
    const [key, data] = [constantBytes(made.args[0]), constantBytes(call.args[1] ?? call.keywords.get('data'))];
    return key === undefined || data === undefined ? undefined : openAes('gcm', key, input, data.subarray(0, -16));
  }
  const parts = path.startsWith('pyaes.Decrypter') ? pyaesParts(made) : partsOf(path, made);
  if (parts?.key === undefined) return undefined;
  if (/ARC4/.test(parts.name)) return openRc4(parts.key, input);
  if (/ChaCha20/.test(parts.name))
    return parts.iv === undefined ? undefined : openChaCha20(parts.key, parts.iv.subarray(-12), input);
  return parts.mode === undefined ? undefined : openAes(parts.mode, parts.key, parts.iv, input);
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
    const counter = new Uint8Array(16);
    counter[15] = 1;
    return { name: 'AES', key, iv: iv ?? counter, mode: modeOf(path.replace(/\(\).*$/, '')) };
  }
  // pycryptodome: AES.new(key, AES.MODE_CBC, iv)
  const mode = second ?? firstOf(keyword('mode') ?? unknown());
  return {
    name: path,
    key,
    iv: constantBytes(third ?? keyword('iv', 'IV', 'nonce', 'initial_value')),
    mode: modeOf(
      mode.kind === 'external' ? mode.path : mode.kind === 'number' ? (NUMBERED.get(Number(mode.value)) ?? '') : '',
    ),
  };
}

/** The values of pycryptodome's `AES.MODE_…`. */
const NUMBERED = new Map([
  [1, 'ECB'],
  [2, 'CBC'],
  [3, 'CFB'],
  [5, 'OFB'],
  [6, 'CTR'],
  [11, 'GCM'],
]);

function modeOf(name: string): CipherMode | undefined {
  const found = /(ECB|CBC|CTR|OFB|GCM|CFB8?)(?:\(\))?$/.exec(name)?.[1]?.toLowerCase();
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
