import type { PythonMembers } from './python-members.ts';

/** A Python file of a wheel that whoever reads the source of the release does not see. */
export type SourceDifference = {
  /** Path in the wheel. */
  readonly file: string;
  /** False: the sdist has a file of that name with other content. */
  readonly isMissing: boolean;
  /** A file that builds write themselves, by its name. */
  readonly isGenerated: boolean;
};

/** Versions (setuptools-scm, hatch-vcs, versioneer), what protoc and ply make, and what numpy's and scipy's builds record. */
const GENERATED =
  /(?:^|\/)(?:_{0,2}version(?:_info|_generated)?_{0,2}|_?build_info|__config__|_distributor_init|(?:lex|yacc|parse)tab|[^/]{1,100}_pb2(?:_grpc)?)\.py$/i;

/**
 * Python files of a wheel that the sdists of its release do not hold, or hold with other content. A file that was only moved
 * is the same.
 */
export function compareWithSdist(wheel: PythonMembers, sdists: readonly PythonMembers[]): readonly SourceDifference[] {
  const contents = new Set(sdists.flatMap((sdist) => [...sdist.values()]));
  const byName = new Map<string, string[]>();
  for (const path of sdists.flatMap((sdist) => [...sdist.keys()])) {
    const name = nameOf(path);
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [path]);
    else known.push(path);
  }
  const differences: SourceDifference[] = [];
  for (const [file, digest] of wheel) {
    if (contents.has(digest)) continue;
    const place = file.replace(/^[^/]+\.data\/(?:purelib|platlib|scripts)\//, '');
    const isThere = byName.get(nameOf(place))?.some((each) => each.endsWith(`/${place}`)) === true;
    differences.push({ file, isMissing: !isThere, isGenerated: GENERATED.test(place) });
  }
  return differences;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
