import { decodeText, rot13 } from './text-codec.ts';

/** PEP 263, as the tokenizer of CPython looks for it: the first `coding` that a name follows. */
const CODING = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
const COMMENT_OR_NOTHING = /^[ \t\f]*(?:#|$)/;
/** A first line is hardly ever longer; CPython has no limit. */
const MAX_HEAD = 64 * 2 ** 10;

/**
 * The text of a Python file as its interpreter would read it: BOM, the PEP 263 coding line (UTF-8 otherwise, Latin-1
 * where the bytes are not UTF-8), and CR or CRLF line ends turned into LF, because the grammar knows only those.
 */
export function decodePythonSource(bytes: Uint8Array): string {
  return decode(bytes).replace(/\r\n?/g, '\n').replaceAll('\0', ' ');
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const declared = declaredEncoding(bytes);
  if (declared !== undefined && !/^utf-?8/.test(declared)) return decodeDeclared(bytes, declared);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return latin1(bytes);
  }
}

/** Undefined without one: a coding line is the first line, or the second when the first is a comment or empty. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  // Most files have none: looking for the word is cheaper than for its lines.
  const head = bytes.subarray(0, MAX_HEAD);
  if (Buffer.from(head.buffer, head.byteOffset, head.length).indexOf('coding') === -1) return undefined;
  for (const line of latin1(head)
    .replace(/^\xef\xbb\xbf/, '')
    .split(/\r\n?|\n/, 2)) {
    const found = CODING.exec(line)?.[1];
    if (found !== undefined) return found.toLowerCase().replaceAll('_', '-');
    if (!COMMENT_OR_NOTHING.test(line)) return undefined;
  }
  return undefined;
}

/** What Python does not know it refuses; code may still stand there for another interpreter. */
function decodeDeclared(bytes: Uint8Array, declared: string): string {
  if (/^(?:utf-?(?:16|32)|cp(?:037|273|424|500|875|1026|1140)|ebcdic)/.test(declared)) return latin1(bytes);
  // Python 2 has it.
  if (/^rot-?13$/.test(declared)) return rot13(latin1(bytes));
  return decodeText(bytes, declared) ?? latin1(bytes);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
