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
  const folders = new Set(members.map(({ path }) => path.split('/', 1)[0]!));
  const [folder, ...others] = [...folders].filter((name) => name.toLowerCase().endsWith(DIST_INFO));
  if (folder === undefined) {
    findings.add('dist-info-missing');
    return {};
  }
  if (others.length > 0) findings.add('dist-info-several', others[0]);
  if (!isFolderOf(folder.slice(0, -DIST_INFO.length), filename)) findings.add('dist-info-name', folder);
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
    if (scheme.endsWith('lib') && rest.length > 1 && rest[0]!.toLowerCase().endsWith(DIST_INFO)) {
      findings.add('dist-info-in-data', path);
    }
  }
}
