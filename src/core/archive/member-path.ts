import type { FindingList } from './finding-list.ts';

/** Names of devices, with or without an extension, in any case (Windows, "Naming Files, Paths, and Namespaces"). */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;
/** A part that is empty, `.` or `..`. */
const DETOUR = /(?:^|\/)\.{0,2}(?:\/|$)/;
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

/** Linux stores no longer one (PATH_MAX). */
export const MAX_PATH_LENGTH = 4096;

/** Reports what is dangerous about a member's path, or is read differently elsewhere. */
export function checkPath(path: string, findings: FindingList): void {
  if (path === '') findings.add('empty-name');
  if (path.length > MAX_PATH_LENGTH) findings.add('path-too-long', path);
  if (path.startsWith('/')) findings.add('absolute-path', path);
  if (/^[A-Za-z]:/.test(path)) findings.add('drive-letter', path);
  if (path.includes('\\')) findings.add('backslash', path);
  if (path.includes('\0')) findings.add('nul-in-name', path);
  else if (CONTROL.test(path)) findings.add('control-in-name', path);
  if (/\p{Cs}/u.test(path)) findings.add('name-not-utf8', path);
  const parts = path.replace(/\/$/, '').split('/');
  if (parts.includes('..')) findings.add('parent-path', path);
  if (path !== '' && parts.some((part, index) => part === '.' || (part === '' && index > 0))) {
    findings.add('path-not-normal', path);
  }
  if (
    parts.some((part) => part !== '.' && part !== '..' && (/[<>:"|?*]|[. ]$/.test(part) || WINDOWS_DEVICE.test(part)))
  ) {
    findings.add('windows-name', path);
  }
}

/**
 * Where a reader puts the member: without empty and `.` parts, `..` resolved. Paths that leave the root keep their `..`.
 */
export function normalPath(path: string): string {
  if (!DETOUR.test(path)) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
