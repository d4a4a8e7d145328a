import type { Sha256 } from '../sha256.ts';

/** Code that Python runs: what a build makes of other files (compiled code, metadata, data) is expected to differ. */
const PYTHON = /\.(?:pyw?|pth|start)$/i;
/** Half a digest in base64url: whoever could find two files with the same one could as well put his code into the sdist. */
const DIGEST_BYTES = 16;
const DIGEST_LENGTH = 22;

/** Digest by path. */
export type PythonMembers = ReadonlyMap<string, string>;

/**
 * The Python files of a distribution with their digests as one text: of thousands of distributions they are kept in memory
 * and in the store. Members without a digest could not be read and are left out.
 */
export function packPythonMembers(members: readonly { readonly path: string; readonly sha256?: Sha256 }[]): string {
  return members
    .flatMap(({ path, sha256 }) =>
      sha256 !== undefined && PYTHON.test(path)
        ? `${Buffer.from(sha256, 'hex').subarray(0, DIGEST_BYTES).toString('base64url')}${path}`
        : [],
    )
    .join('\0');
}

/** Reads what `packPythonMembers` wrote. */
export function unpackPythonMembers(packed: string): PythonMembers {
  const members = new Map<string, string>();
  if (packed === '') return members;
  for (const line of packed.split('\0')) members.set(line.slice(DIGEST_LENGTH), line.slice(0, DIGEST_LENGTH));
  return members;
}
