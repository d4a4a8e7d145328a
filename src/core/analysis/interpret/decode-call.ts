import { decodeText, rot13 } from '../syntax/text-codec.ts';
import { binaryCodec, DECODERS, type DecoderName } from '../values/decode.ts';
import { TAINT } from '../values/taint.ts';
import {
  asBytes,
  bytes,
  type CallShape,
  type External,
  firstOf,
  isConstant,
  list,
  plainText,
  text,
  unknown,
  type Value,
} from '../values/value.ts';
import { reportDecoded, reportTooLong } from './report-decoded.ts';
import { type Frame, type Run, report } from './run.ts';

const DECODER_OF: readonly (readonly [RegExp, DecoderName])[] = [
  [/b64decode$|decodebytes$|base64\.decodestring$|a2b_base64$/, 'base64'],
  [/b32hexdecode$/, 'base32hex'],
  [/b32decode$/, 'base32'],
  [/b16decode$|unhexlify$|a2b_hex$|fromhex$/, 'base16'],
  [/^base58\./, 'base58'],
  [/a85decode$/, 'ascii85'],
  [/b85decode$/, 'base85'],
  [/^zlib\.|decompressobj\(\)\.decompress$/, 'zlib'],
  [/^gzip\./, 'gzip'],
  [/^bz2\./, 'bz2'],
  [/^lzma\./, 'lzma'],
  [/^quopri\.|a2b_qp$/, 'quopri'],
  [/a2b_uu$/, 'uu'],
];

const ROT13 = /^rot[-_]?13$/i;
/** Functions of a codec give what they made and how much they read of the input. */
const GIVES_LENGTH = /^codecs\.(?:get(?:de|en)coder\(\)|lookup\(\)\.(?:de|en)code|\w+_decode)$/;

/** The codec that a function of `codecs` works with: said in the call, when it was looked up, or by its own name. */
function codecOf(path: string, { made }: External, call: CallShape): string | undefined {
  if (!path.startsWith('codecs.')) return undefined;
  if (path === 'codecs.escape_decode') return 'string-escape';
  const own = /^codecs\.(\w+)_decode$/.exec(path)?.[1];
  if (own !== undefined) return own;
  const given = path.includes('()') ? made?.args[0] : (call.args[1] ?? call.keywords.get('encoding'));
  return plainText(firstOf(given ?? text('utf-8'))) ?? '';
}

/** Decodes a constant with the decoder that `path` names; what cannot be decoded here still carries the taint. */
export function decodeCall(
  run: Run,
  callee: External,
  path: string,
  call: CallShape,
  inward: number,
  frame: Frame,
  at: number,
): Value {
  const given = path.endsWith('().read') ? openedInput(callee) : (call.args[0] ?? call.keywords.get('data'));
  const input = given === undefined ? undefined : firstOf(given);
  const taint = inward | (given?.taint ?? 0) | TAINT.decoded;
  const codec = codecOf(path, callee, call);
  // An encoder is a decoder only where it turns letters back.
  if (path.includes('encod') && codec !== undefined && !ROT13.test(codec)) return unknown(inward);
  report(run, frame, at, { kind: 'call', role: 'decode', name: path, call, taint: inward });
  const raw = input === undefined ? undefined : rawBytes(input);
  if (codec !== undefined) {
    const value = decodeByCodec(run, input, raw, codec, inward, frame, at);
    return GIVES_LENGTH.test(path) ? list([value, unknown(inward)], inward, 'tuple') : value;
  }
  const name = DECODER_OF.find(([pattern]) => pattern.test(path))?.[1];
  if (raw === undefined || name === undefined) return unknown(taint);
  const window =
    call.args[1] ?? call.keywords.get('wbits') ?? callee.made?.args[0] ?? callee.made?.keywords.get('wbits');
  const isBare = name === 'zlib' && window?.kind === 'number' && Number(window.value) < 0;
  return decoded(run, isBare ? 'deflate' : name, raw, taint, frame, at);
}

function decoded(run: Run, name: DecoderName, raw: Uint8Array, taint: number, frame: Frame, at: number): Value {
  const output = DECODERS[name](raw);
  // Packed data files are common: they count by what is done with their content.
  const isFile = (taint & TAINT.packageFile) !== 0;
  if (output === 'limit' && !isFile) reportTooLong(run, frame, at);
  if (output === undefined || output === 'limit') return unknown(taint);
  if (!isFile) reportDecoded(run, frame, at, name, output);
  return bytes(output, taint);
}

/** `gzip.GzipFile(fileobj=io.BytesIO(data)).read()`: what lies in the opened object. */
function openedInput({ made }: External): Value | undefined {
  const given = firstOf(made?.keywords.get('fileobj') ?? made?.args[0] ?? unknown());
  return given.kind === 'external' && given.path === 'io.BytesIO()' ? given.made?.args[0] : given;
}

function rawBytes(given: Value): Uint8Array | undefined {
  const input = asBytes(given);
  if (!isConstant(input)) return undefined;
  if (input.kind === 'bytes') return input.value;
  return input.kind === 'text' ? Buffer.from(input.value, 'latin1') : undefined;
}

function decodeByCodec(
  run: Run,
  input: Value | undefined,
  raw: Uint8Array | undefined,
  codec: string,
  inward: number,
  frame: Frame,
  at: number,
): Value {
  if (ROT13.test(codec) && input?.kind === 'text') {
    const plain = rot13(input.value);
    reportDecoded(run, frame, at, 'rot13', Buffer.from(plain));
    return text(plain, inward | TAINT.decoded);
  }
  const name = binaryCodec(codec);
  if (name !== undefined)
    return raw === undefined
      ? unknown(inward | TAINT.decoded)
      : decoded(run, name, raw, inward | TAINT.decoded, frame, at);
  const plain = raw === undefined ? undefined : decodeText(raw, codec);
  return plain === undefined ? unknown(inward) : text(plain, inward);
}
