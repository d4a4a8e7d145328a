import type { MemberKind } from './archive.ts';
import type { FindingList } from './finding-list.ts';
import { MAX_PATH_LENGTH, normalPath } from './member-path.ts';

/** More to fold than case: a letter beyond ASCII, a space, a dot at the end of a part. */
const FOLDS = /[^\x21-\x7e]|\.(?:\/|$)/;

/** What is to be known of a member: links count by their target. */
type Placed = {
  readonly path: string;
  readonly kind: MemberKind;
  readonly sha256?: string;
  readonly linkTarget?: string;
};

/**
 * Reports members that land in the same place: everywhere (the same path once normalised) or where case, Unicode form and
 * trailing dots do not count (Windows, macOS).
 */
export function checkCollisions(members: readonly Placed[], findings: FindingList): void {
  const byPath = new Map<string, Placed>();
  const byFolded = new Map<string, Placed>();
  const folders = new Set<string>();
  for (const member of members) {
    if (member.path.length > MAX_PATH_LENGTH) continue;
    const path = normalPath(member.path);
    for (
      let end = path.lastIndexOf('/');
      end > 0 && !folders.has(path.slice(0, end));
      end = path.lastIndexOf('/', end - 1)
    ) {
      folders.add(path.slice(0, end));
    }
    if (member.kind === 'directory') {
      folders.add(path);
      continue;
    }
    const same = byPath.get(path);
    const folded = foldPath(path);
    const twin = byFolded.get(folded);
    if (same !== undefined) {
      findings.add(isSame(same, member) ? 'repeated-member' : 'duplicate-member', member.path);
    } else if (twin !== undefined && !isSame(twin, member)) {
      findings.add('case-twin', member.path, twin.path);
    }
    byPath.set(path, member);
    byFolded.set(folded, member);
  }
  for (const path of byPath.keys()) if (folders.has(path)) findings.add('file-as-folder', path);
}

function isSame(a: Placed, b: Placed): boolean {
  if (a.kind !== b.kind) return false;
  return a.kind === 'file' ? a.sha256 !== undefined && a.sha256 === b.sha256 : a.linkTarget === b.linkTarget;
}

function stripDots(name: string): string {
  let end = name.length;
  while (end > 0 && '. '.includes(name[end - 1]!)) end--;
  return name.slice(0, end);
}

function foldPath(path: string): string {
  if (!FOLDS.test(path)) return path.toLowerCase();
  return path.normalize('NFKC').toLowerCase().split('/').map(stripDots).join('/');
}
