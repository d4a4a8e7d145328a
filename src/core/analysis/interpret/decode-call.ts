import { openFernet } from '../values/cipher.ts';
import { DECODERS, type DecoderName, decodeText, isMedia, isProgram, looksLikeText, rot13 } from '../values/decode.ts';
import { TAINT } from '../values/taint.ts';
import {
  bytes,
  type CallShape,
  type External,
  firstOf,
  HOLE,
  isConstant,
  plainText,
  text,
  unknown,
  type Value,
} from '../values/value.ts';
import { type Frame, type Run, report } from './run.ts';

const DECODER_OF: readonly (readonly [RegExp, DecoderName])[] = [
  [/b64decode$|decodebytes$|decodestring$|a2b_base64$/, 'base64'],
  [/b32decode$/, 'base32'],
  [/b16decode$|unhexlify$|a2b_hex$|fromhex$/, 'base16'],
  [/a85decode$/, 'ascii85'],
  [/b85decode$/, 'base85'],
  [/^zlib\.|decompressobj\(\)\.decompress$/, 'zlib'],
  [/^gzip\./, 'gzip'],
  [/a2b_uu$/, 'uu'],
];

/** Decodes a constant with the decoder that `path` names; what cannot be decoded here still carries the taint. */
export function decodeCall(run: Run, path: string, call: CallShape, inward: number, frame: Frame, at: number): Value {
  const input = call.args[0] === undefined ? undefined : firstOf(call.args[0]);
  const taint = inward | TAINT.decoded;
  report(run, frame, at, { kind: 'call', role: 'decode', name: path, call, taint: inward });
  const raw = input === undefined ? undefined : rawBytes(input);
  if (path === 'codecs.decode') return decodeByCodec(run, input, raw, call, inward, frame, at);
  const name = DECODER_OF.find(([pattern]) => pattern.test(path))?.[1];
  if (raw === undefined || name === undefined) return unknown(taint);
  const negativeWindow = name === 'zlib' && call.args[1]?.kind === 'number' && Number(call.args[1].value) < 0;
  const output = DECODERS[negativeWindow ? 'deflate' : name](raw);
  if (output === undefined) return unknown(taint);
  reportDecoded(run, frame, at, name, output);
  return bytes(output, taint);
}

function rawBytes(input: Value): Uint8Array | undefined {
  if (!isConstant(input)) return undefined;
  if (input.kind === 'bytes') return input.value;
  return input.kind === 'text' ? Buffer.from(input.value, 'latin1') : undefined;
}

function decodeByCodec(
  run: Run,
  input: Value | undefined,
  raw: Uint8Array | undefined,
  call: CallShape,
  inward: number,
  frame: Frame,
  at: number,
): Value {
  const codec =
    plainText(call.args[1] ?? call.keywords.get('encoding') ?? text('utf-8'))
      ?.toLowerCase()
      .replaceAll('_', '-') ?? '';
  if (/^rot-?13$/.test(codec) && input?.kind === 'text') {
    const plain = rot13(input.value);
    reportDecoded(run, frame, at, 'rot13', Buffer.from(plain));
    return text(plain, inward | TAINT.decoded);
  }
  const name = /base64/.test(codec)
    ? 'base64'
    : /hex/.test(codec)
      ? 'base16'
      : /zip|zlib/.test(codec)
        ? 'zlib'
        : /^uu/.test(codec)
          ? 'uu'
          : undefined;
  if (raw === undefined) return unknown(inward | (name === undefined ? 0 : TAINT.decoded));
  if (name === undefined) {
    const plain = decodeText(raw, codec);
    return plain === undefined ? unknown(inward) : text(plain, inward);
  }
  const output = DECODERS[name](raw);
  if (output === undefined) return unknown(inward | TAINT.decoded);
  reportDecoded(run, frame, at, name, output);
  return bytes(output, inward | TAINT.decoded);
}

function reportDecoded(run: Run, frame: Frame, at: number, how: string, output: Uint8Array): void {
  if (output.length < 4) return;
  const readable = looksLikeText(output) ? Buffer.from(output.subarray(0, 200_000)).toString('utf8') : '';
  report(run, frame, at, {
    kind: 'decoded',
    how,
    text: readable,
    program: isProgram(output),
    media: isMedia(output),
    size: output.length,
  });
}

/** Opens a Fernet token whose key is literal; any other cipher taints its result. */
export function decryptCall(
  run: Run,
  callee: External,
  path: string,
  call: CallShape,
  taint: number,
  frame: Frame,
  at: number,
): Value {
  report(run, frame, at, {
    kind: 'call',
    role: 'decrypt',
    name: path,
    call: { args: [...call.args, ...(callee.made?.args ?? [])], keywords: call.keywords },
    taint,
  });
  if (path.endsWith('CryptUnprotectData')) return unknown(TAINT.credential | TAINT.decrypted);
  const key = plainText(firstOf(callee.made?.args[0] ?? unknown()));
  const token = plainText(firstOf(call.args[0] ?? unknown()));
  const opened =
    key === undefined || token === undefined || key.includes(HOLE) || token.includes(HOLE) || !path.includes('Fernet')
      ? undefined
      : openFernet(key, token);
  if (opened === undefined) return unknown(taint | TAINT.decrypted);
  reportDecoded(run, frame, at, 'fernet', opened);
  return bytes(opened, taint | TAINT.decrypted);
}
