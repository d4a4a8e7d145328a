import { parse as parseToml } from 'smol-toml';
import { parseFilenameFor, type SdistFilename } from '../python/filename.ts';
import { tryParseProjectName } from '../python/name.ts';
import { type Declared, isFolderOf, isSameRelease, readDeclared } from './declared.ts';
import type { FindingList } from './finding-list.ts';
import { normalPath } from './member-path.ts';
import type { WalkedMember } from './walk-members.ts';

/** What pip runs to build an sdist (PEP 517, PEP 518). */
export type SdistBuild = {
  /** `build-backend`; absent: setuptools in its legacy mode. */
  readonly backend?: string;
  /** Folders of the sdist from which the backend is imported: its code runs at every install. */
  readonly backendPath: readonly string[];
  /** Requirements that are installed before. */
  readonly requires: readonly string[];
  /** There is a setup.py, which setuptools runs. */
  readonly hasSetup: boolean;
};

/**
 * Checks that an sdist is what its file name says (source distribution format specification, PEP 625 leniently): one folder
 * called after the release, metadata that agree.
 * @param contentOf the bytes of a member that lies in a top-level folder
 */
export function checkSdist(
  filename: SdistFilename,
  members: readonly WalkedMember[],
  contentOf: (path: string) => Uint8Array | undefined,
  findings: FindingList,
): { readonly declared?: Declared; readonly build?: SdistBuild } {
  const roots = new Set(members.map(({ path }) => normalPath(path).split('/', 1)[0]!));
  const [root = '', ...others] = roots;
  if (others.length > 0 || !members.some(({ path }) => normalPath(path).startsWith(`${root}/`))) {
    findings.add('sdist-root', others[0]);
    return {};
  }
  const build = readBuild(root, members, contentOf, findings);
  const path = `${root}/PKG-INFO`;
  const pkgInfo = contentOf(path);
  if (pkgInfo === undefined) {
    findings.add('pkg-info-missing', path);
    if (!isFolderOf(root, filename)) findings.add('sdist-root-name', root);
    return { build };
  }
  const declared = readDeclared(pkgInfo, path, findings);
  const release = declared === undefined ? filename : readAs(filename, declared.name);
  if (!isFolderOf(root, release)) findings.add('sdist-root-name', root);
  if (declared === undefined) {
    findings.add('metadata-mismatch', path);
    return { build };
  }
  if (!isSameRelease(declared, release))
    findings.add('metadata-mismatch', path, `${declared.name} ${declared.version}`);
  return { build, declared };
}

/** A name with several dashes can be read in several ways: the project that the metadata name decides, if it is one of them. */
function readAs(filename: SdistFilename, name: string): SdistFilename {
  const project = tryParseProjectName(name);
  if (project === undefined || project === filename.project) return filename;
  try {
    const read = parseFilenameFor(project, filename.filename);
    return read.kind === 'sdist' ? read : filename;
  } catch {
    return filename;
  }
}

function readBuild(
  root: string,
  members: readonly WalkedMember[],
  contentOf: (path: string) => Uint8Array | undefined,
  findings: FindingList,
): SdistBuild {
  const hasSetup = members.some(({ path }) => normalPath(path) === `${root}/setup.py`);
  const path = `${root}/pyproject.toml`;
  const pyproject = contentOf(path);
  if (pyproject === undefined) {
    // It is there and is no file, or one of absurd size.
    if (members.some((member) => normalPath(member.path) === path)) findings.add('pyproject-invalid', path);
    return { backendPath: [], requires: [], hasSetup };
  }
  let system: unknown;
  try {
    system = parseToml(Buffer.from(pyproject).toString())['build-system'];
  } catch {
    findings.add('pyproject-invalid', path);
  }
  const table = typeof system === 'object' && system !== null ? (system as Record<string, unknown>) : {};
  const { requires, 'backend-path': backendPath, 'build-backend': backend } = table;
  const build = { backendPath: texts(backendPath), requires: texts(requires), hasSetup };
  for (const folder of build.backendPath) {
    if (folder.startsWith('/') || normalPath(folder).startsWith('..')) findings.add('backend-path', path, folder);
  }
  return typeof backend === 'string' ? { ...build, backend } : build;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
