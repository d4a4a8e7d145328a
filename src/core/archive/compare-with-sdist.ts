import type { Finding } from '../finding.ts';
import type { Sha256 } from '../sha256.ts';
import { FindingList } from './finding-list.ts';

type Members = ReadonlyMap<string, Sha256>;

/** Code that Python runs: what a build makes of other files (compiled code, metadata, data) is expected to differ. */
const PYTHON = /\.(?:pyw?|pth|start)$/i;

/**
 * Python files of a wheel that its sdist does not hold, or holds with other content: whoever reads the source of a release does
 * not read what is installed. A file that was only moved is the same. Builds write some of them themselves (`_version.py`), so
 * it is a note, unless the analysis saw something in the file.
 * @param suspicious paths in the wheel that evidence was found in
 */
export function compareWithSdist(wheel: Members, sdist: Members, suspicious: ReadonlySet<string>): readonly Finding[] {
  const findings = new FindingList();
  const contents = new Set(sdist.values());
  const byName = new Map<string, string[]>();
  for (const path of sdist.keys()) {
    const name = nameOf(path);
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [path]);
    else known.push(path);
  }
  for (const [path, sha256] of wheel) {
    if (!PYTHON.test(path) || contents.has(sha256)) continue;
    const place = path.replace(/^[^/]+\.data\/(?:purelib|platlib|scripts)\//, '');
    const isThere = byName.get(nameOf(place))?.some((each) => each.endsWith(`/${place}`)) === true;
    if (suspicious.has(path)) findings.add('unpublished-code', path);
    else findings.add(isThere ? 'differs-from-sdist' : 'not-in-sdist', path);
  }
  return findings.all();
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
