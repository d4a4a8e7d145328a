import type { MemberKind } from './archive.ts';
import type { FindingList } from './finding-list.ts';
import { MAX_PATH_LENGTH, normalPath } from './member-path.ts';

/** Names by which Python or a build tool takes a file for code or settings. */
const READ_BY_NAME = /(?:\.(?:py|pyw|pyc|pyx|pth|start|so|pyd|dll|dylib|toml|cfg)|PKG-INFO)$/i;

type Linked = { readonly path: string; readonly kind: MemberKind; readonly linkTarget?: string };

/**
 * Reports links that leave the folder the archive keeps its files in, and members that are stored through a link. Since pip
 * takes that folder away, it is what must not be left (PEP 706 data filter).
 */
export function checkLinks(members: readonly Linked[], findings: FindingList): void {
  const symlinks = new Set(members.flatMap(({ kind, path }) => (kind === 'symlink' ? [normalPath(path)] : [])));
  const files = new Set<string>();
  for (const { path, kind, linkTarget = '' } of members) {
    if (path.length > MAX_PATH_LENGTH) continue;
    const place = normalPath(path);
    if (symlinks.size > 0 && passesLink(place, symlinks)) findings.add('path-through-link', path);
    if (kind === 'file') files.add(place);
    if (kind === 'symlink' && escapes(place, linkTarget, symlinks)) findings.add('link-escape', path, linkTarget);
    if ((kind === 'symlink' || kind === 'hardlink') && renames(place, linkTarget)) {
      findings.add('link-renames', path, linkTarget);
    }
    if (kind === 'hardlink') {
      if (!files.has(normalPath(linkTarget))) findings.add('hardlink-target', path, linkTarget);
      files.add(place);
    }
  }
}

function passesLink(place: string, symlinks: ReadonlySet<string>): boolean {
  for (let end = place.indexOf('/'); end >= 0; end = place.indexOf('/', end + 1)) {
    if (symlinks.has(place.slice(0, end))) return true;
  }
  return false;
}

function escapes(place: string, target: string, symlinks: ReadonlySet<string>): boolean {
  if (target.startsWith('/') || target.includes('\\') || /^[A-Za-z]:/.test(target)) return true;
  const [root, ...folders] = place.split('/').slice(0, -1);
  const parts = folders;
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    // Where ".." leads behind a link is for the file system to say: no honest archive needs it.
    if (part === '..' && symlinks.has([root, ...parts].join('/'))) return true;
    if (part === '..' && parts.pop() === undefined) return true;
    if (part !== '..') parts.push(part);
  }
  return false;
}

/** Whoever looks at files by their name would not look at the content of this one. */
function renames(place: string, target: string): boolean {
  const name = place.slice(place.lastIndexOf('/') + 1);
  const extension = READ_BY_NAME.exec(name)?.[0];
  return extension !== undefined && !target.endsWith(extension);
}
