const CODING = /^[ \t\f]*#.{0,200}?coding[:=][ \t]*([-\w.]{1,40})/;

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
  if (declared === 'utf-7') return decodeUtf7(latin1(bytes));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return decodeAs(declared ?? 'latin1', bytes);
  }
}

function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = latin1(bytes.subarray(0, 400)).split(/\r\n?|\n/, 2);
  for (const line of head) {
    const found = CODING.exec(line)?.[1];
    if (found !== undefined) return found.toLowerCase().replaceAll('_', '-');
  }
  return undefined;
}

function decodeAs(label: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return latin1(bytes);
  }
}

/** RFC 2152: Python honours it as a source encoding, and samples use it to hide code from plain readers. */
export function decodeUtf7(text: string): string {
  return text.replace(/\+([A-Za-z0-9+/]*)-?/g, (_all, coded: string) => {
    if (coded === '') return '+';
    const units = Buffer.from(coded, 'base64');
    return units
      .subarray(0, units.length & ~1)
      .swap16()
      .toString('utf16le');
  });
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
