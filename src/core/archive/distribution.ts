import { createHash } from 'node:crypto';
import { hasCode, unreachable } from '../errors.ts';
import type { Finding } from '../finding.ts';
import { type DistFilename, parseFilename } from '../python/filename.ts';
import { parseSha256, type Sha256 } from '../sha256.ts';
import type { Archive } from './archive.ts';
import type { ByteSource } from './byte-source.ts';
import { checkSdist, type SdistBuild } from './check-sdist.ts';
import { checkWheel } from './check-wheel.ts';
import type { Declared } from './declared.ts';
import { FindingList } from './finding-list.ts';
import { type ArchiveLimits, defaultArchiveLimits } from './limits.ts';
import { checkLinks } from './links.ts';
import { openArchive } from './open-archive.ts';
import { checkCollisions } from './path-collisions.ts';
import { packPythonMembers } from './python-members.ts';
import {
  isStartupHook,
  mayBecomeStartupHook,
  runsCode,
  type StartupHook,
  withNestedCustomize,
} from './startup-hook.ts';
import { type WalkedMember, walkMembers } from './walk-members.ts';

/** What a distribution file is and holds. Text from the package is in the paths, the metadata and the build. */
export type DistributionInspection = {
  readonly kind: DistFilename['kind'];
  readonly findings: readonly Finding[];
  /** False when something could not be read; a finding of code `error` then holds the file. */
  readonly complete: boolean;
  /** From METADATA or PKG-INFO. */
  readonly declared?: Declared;
  /** The METADATA member of a wheel, byte for byte. */
  readonly metadata?: { readonly bytes: Uint8Array; readonly sha256: Sha256 };
  readonly startupHooks: readonly StartupHook[];
  /** Members that are compiled code. */
  readonly nativeFiles: readonly string[];
  /** Of a wheel that could be read: a digest over what is the same on every platform. */
  readonly portableContent?: Sha256;
  /** Of a distribution that could be read: see python-members.ts. */
  readonly pythonMembers?: string;
  /** Members of a wheel that are installed as commands. */
  readonly scripts: readonly string[];
  /** Of an sdist. */
  readonly build?: SdistBuild;
};

/** Members whose content the checks need: `<folder>/<one of these>`. */
const KEPT = /^[^/]+\/(?:METADATA|WHEEL|RECORD|PKG-INFO|pyproject\.toml)$/;

const SCRIPT = /^[^/]+\.data\/scripts\//;

/** What the extension of an sdist promises. */
const COMPRESSION: Readonly<Record<string, Archive['compression'] | 'zip'>> = {
  '.zip': 'zip',
  '.tar': 'none',
  '.tgz': 'gzip',
  '.tar.gz': 'gzip',
  '.tbz': 'bzip2',
  '.tbz2': 'bzip2',
  '.tar.bz2': 'bzip2',
  '.txz': 'xz',
  '.tar.xz': 'xz',
  '.tar.zst': 'zstd',
};

/** Is given every file of an archive; `bytes` is undefined when it is larger than `maxVisitBytes` or cannot be read. */
export type VisitMember = (member: WalkedMember, bytes: Uint8Array | undefined) => void | Promise<void>;

/**
 * Reads a wheel or sdist in one pass without running anything of it: compares it with its name, its own metadata and, for a
 * wheel, its RECORD, and reports wherever another reader than pip would see something else.
 * @throws {WheelgateError} FILENAME_INVALID; whatever `source.read` or `visit` throws. A bad archive is a finding.
 */
export async function inspectDistribution(
  source: ByteSource,
  filename: string,
  limits: ArchiveLimits = defaultArchiveLimits,
  visit: VisitMember = () => {},
): Promise<DistributionInspection> {
  const named = parseFilename(filename);
  const findings = new FindingList();
  const members: WalkedMember[] = [];
  const kept = new Map<string, Uint8Array>();
  const hooks: StartupHook[] = [];
  const reachedEnd = await stopWhenUnreadable(findings, async () => {
    const archive = await openArchive(source, limits, findings);
    if (!isFormatOf(named, archive))
      findings.add('format-mismatch', undefined, `${archive.format} ${archive.compression}`);
    for await (const { member, bytes } of walkMembers(archive, limits)) {
      members.push(member);
      if (bytes !== undefined && KEPT.test(member.path)) kept.set(member.path, bytes);
      if (member.sha256 !== undefined && isHookOf(named, member.path)) {
        // One that is too large to look into runs code until somebody says otherwise.
        const runs = bytes === undefined || runsCode(member.path, bytes);
        hooks.push({ file: member.path, sha256: member.sha256, runsCode: runs });
      }
      if (member.kind === 'file') await visit(member, bytes);
    }
  });
  checkCollisions(members, findings);
  checkLinks(members, findings);
  const facts = reachedEnd ? checkNamed(named, members, (path) => kept.get(path), findings) : {};
  const complete = reachedEnd && members.every(({ kind, sha256 }) => kind !== 'file' || sha256 !== undefined);
  if (!complete && !findings.has('error')) findings.add('error');
  const pathsOf = (test: (member: WalkedMember) => boolean) => members.filter(test).map(({ path }) => path);
  return {
    kind: named.kind,
    findings: findings.all(),
    complete,
    startupHooks: withNestedCustomize(
      hooks,
      pathsOf(({ kind }) => kind !== 'directory'),
    ),
    nativeFiles: pathsOf(({ isNative }) => isNative),
    scripts: pathsOf(({ path, kind }) => named.kind === 'wheel' && kind === 'file' && SCRIPT.test(path)),
    ...(named.kind === 'wheel' && complete && { portableContent: portableContentOf(members) }),
    ...(named.kind !== 'other' && complete && { pythonMembers: packPythonMembers(members) }),
    ...facts,
  };
}

/** RECORD and WHEEL name the platform; compiled code is for it. */
const OF_ONE_PLATFORM = /^[^/]+\.dist-info\/(?:RECORD|WHEEL)$/;

function portableContentOf(members: readonly WalkedMember[]): Sha256 {
  const lines = members
    .filter(({ path, kind, isNative }) => kind !== 'directory' && !isNative && !OF_ONE_PLATFORM.test(path))
    .map(({ path, sha256, linkTarget }) => `${sha256 ?? linkTarget} ${path}`)
    .sort();
  return sha256Of(Buffer.from(lines.join('\0')));
}

/** False when the archive could not be read to its end, which is then a finding. */
async function stopWhenUnreadable(findings: FindingList, read: () => Promise<void>): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (error) {
    const isLimit = hasCode(error, 'FILE_TOO_LARGE');
    if (!isLimit && !hasCode(error, 'ARCHIVE_UNREADABLE')) throw error;
    findings.add(isLimit || findings.has('unsupported-compression') ? 'error' : 'unreadable', undefined, error.message);
    return false;
  }
}

function isFormatOf(named: DistFilename, { format, compression }: Archive): boolean {
  if (named.kind === 'other') return true;
  const promised = named.kind === 'wheel' ? 'zip' : COMPRESSION[named.extension];
  return promised === (format === 'zip' ? 'zip' : compression);
}

function isHookOf(named: DistFilename, path: string): boolean {
  return named.kind === 'sdist' ? mayBecomeStartupHook(path.replace(/^[^/]*\//, '')) : isStartupHook(path);
}

function checkNamed(
  named: DistFilename,
  members: readonly WalkedMember[],
  contentOf: (path: string) => Uint8Array | undefined,
  findings: FindingList,
): Pick<DistributionInspection, 'declared' | 'metadata' | 'build'> {
  switch (named.kind) {
    case 'wheel': {
      const { metadata, ...facts } = checkWheel(named, members, contentOf, findings);
      return metadata === undefined ? facts : { ...facts, metadata: { bytes: metadata, sha256: sha256Of(metadata) } };
    }
    case 'sdist':
      return checkSdist(named, members, contentOf, findings);
    case 'other':
      findings.add('not-a-distribution');
      return {};
    default:
      return unreachable(named);
  }
}

function sha256Of(bytes: Uint8Array): Sha256 {
  return parseSha256(createHash('sha256').update(bytes).digest('hex'));
}
