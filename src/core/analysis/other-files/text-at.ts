const MAX_NAME = 200;

/** The text up to the next zero byte. @throws {RangeError} when it starts outside the file */
export function textAt(file: Buffer, at: number): string {
  if (at < 0 || at >= file.length) throw new RangeError('a name of a compiled file lies outside of it');
  const end = file.subarray(at, at + MAX_NAME).indexOf(0);
  return file.toString('latin1', at, end === -1 ? at + MAX_NAME : at + end);
}
