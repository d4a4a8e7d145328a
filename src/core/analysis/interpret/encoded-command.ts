import { looksLikeText } from '../values/decode.ts';

/** PowerShell takes any beginning of `-EncodedCommand`, with a dash or a slash. */
const ENCODED = /[\s"'][-/]e(?:c|nc?|nco\w{0,11})?["']?[\s,]+["']?([A-Za-z0-9+/]{16,200000}={0,2})/i;
const MAX_COMMAND = 400_000;

/** The script behind PowerShell's `-EncodedCommand` (base64 of UTF-16LE), wherever it stands in a text. */
export function encodedCommand(command: string): string | undefined {
  if (command.length > MAX_COMMAND) return undefined;
  const digits = ENCODED.exec(command)?.[1];
  if (digits === undefined) return undefined;
  const raw = Buffer.from(digits, 'base64');
  const script = raw.toString('utf16le');
  // Half of the bytes of ASCII in UTF-16 are zero: anything else was no such command.
  const isWide = raw.length >= 8 && raw.filter((byte, at) => at % 2 === 1 && byte === 0).length * 3 > raw.length;
  return isWide && looksLikeText(Buffer.from(script)) ? script : undefined;
}
