import type { WheelFilename } from '../python/filename.ts';
import { readHeaders } from '../python/metadata-headers.ts';
import { checkRecord } from './check-record.ts';
import { type Declared, isFolderOf, isSameRelease, readDeclared } from './declared.ts';
import type { FindingList } from './finding-list.ts';
import type { WalkedMember } from './walk-members.ts';

const DIST_INFO = '.dist-info';
/** What pip knows to install from a data folder (PEP 427, "The .data directory"). */
const SCHEMES = new Set(['purelib', 'platlib', 'headers', 'scripts', 'data']);

/**
 * Checks that a wheel is what its file name says (binary distribution format specification): one dist-info folder, metadata
 * that agree, a RECORD that agrees with the members.
 * @param contentOf the bytes of a member that lies in a top-level folder
 */
export function checkWheel(
  filename: WheelFilename,
  members: readonly WalkedMember[],
  contentOf: (path: string) => Uint8Array | undefined,
  findings: FindingList,
): { readonly declared?: Declared; readonly metadata?: Uint8Array } {
  checkDataFolders(members, findings);
  checkForeignMetadata(members, findings);
  const tops = new Set(members.map(({ path }) => path.split('/', 1)[0]!));
  const folders = [...tops].filter((name) => name.toLowerCase().endsWith(DIST_INFO));
  const isOurs = (name: string) => isFolderOf(name.slice(0, -DIST_INFO.length), filename);
  const folder = folders.find(isOurs) ?? folders[0];
  if (folder === undefined) {
    findings.add('dist-info-missing');
    return {};
  }
  if (folders.length > 1)
    findings.add(
      'dist-info-several',
      folders.find((name) => name !== folder),
    );
  if (!isOurs(folder)) findings.add('dist-info-name', folder);
  checkWheelFile(`${folder}/WHEEL`, contentOf(`${folder}/WHEEL`), findings);
  checkRecord(folder, contentOf(`${folder}/RECORD`), members, findings);
  const metadata = contentOf(`${folder}/METADATA`);
  if (metadata === undefined) {
    findings.add('metadata-missing', `${folder}/METADATA`);
    return {};
  }
  const declared = readDeclared(metadata, `${folder}/METADATA`, findings);
  if (declared === undefined || !isSameRelease(declared, filename)) {
    findings.add('metadata-mismatch', `${folder}/METADATA`, declared && `${declared.name} ${declared.version}`);
  }
  return { metadata, ...(declared === undefined ? {} : { declared }) };
}

/** pip refuses a wheel whose WHEEL file is missing or of another major version than 1. */
function checkWheelFile(path: string, bytes: Uint8Array | undefined, findings: FindingList): void {
  if (bytes === undefined) {
    findings.add('wheel-file-missing', path);
    return;
  }
  const { headers } = readHeaders(Buffer.from(bytes).toString());
  const version = headers.find(({ name }) => name.toLowerCase() === 'wheel-version')?.value;
  if (version === undefined || !/^\s*1(?:\.|\s*$)/.test(version)) findings.add('wheel-version', path, version);
}

function checkDataFolders(members: readonly WalkedMember[], findings: FindingList): void {
  for (const { path, kind } of members) {
    const [top, scheme, ...rest] = path.split('/');
    if (kind === 'directory' || !top!.endsWith('.data') || scheme === undefined) continue;
    if (!SCHEMES.has(scheme) || rest.length === 0) findings.add('data-scheme', path);
  }
}

/** pip takes any such folder or file in site-packages for an installed project; only the wheel's own dist-info may be there. */
function checkForeignMetadata(members: readonly WalkedMember[], findings: FindingList): void {
  for (const { path } of members) {
    const inData = /^[^/]+\.data\/(?:purelib|platlib)\/([^/]+)/.exec(path)?.[1];
    const top = inData ?? path.split('/', 1)[0]!;
    const isOther = /\.egg-info$/i.test(top) || inData?.toLowerCase().endsWith(DIST_INFO) === true;
    if (isOther) findings.add('foreign-metadata', path);
  }
}
