import { withoutCredentials } from '../without-credentials.ts';
import { namesCommit, urlReason } from './classify-requirement.ts';
import type { ManifestNote, Pin } from './manifest.ts';
import type { LineOptions } from './requirement-options.ts';

type Note = Pick<ManifestNote, 'code' | 'message'>;

/** What options of a requirements file open for others: further indexes, unchecked certificates, open links. */
export function optionNotes(options: LineOptions): readonly Note[] {
  const notes: Note[] = [];
  const values = (name: Parameters<LineOptions['get']>[0]) => options.get(name) ?? [];
  for (const url of values('--extra-index-url')) {
    notes.push({
      code: 'extra-index',
      message: `--extra-index-url ${withoutCredentials(url)}: pip takes the highest version of all indexes, whoever uploaded it`,
    });
  }
  for (const host of values('--trusted-host')) {
    notes.push({ code: 'trusted-host', message: `--trusted-host ${host}: nobody checks who answers` });
  }
  for (const link of values('--find-links')) {
    notes.push({ code: 'find-links', message: `--find-links ${withoutCredentials(link)}: these files pass no index` });
  }
  for (const url of [...values('--index-url'), ...values('--extra-index-url'), ...values('--find-links')]) {
    notes.push(...insecure(url));
  }
  if (options.has('--hash')) {
    notes.push({ code: 'stray-hash', message: 'this --hash belongs to no requirement, and pip ignores it' });
  }
  return notes;
}

/** What is risky about a direct reference. */
export function urlNotes(url: string): readonly Note[] {
  if (urlReason(url) !== 'vcs') return insecure(url);
  const notes = /^[a-z]+\+http:/i.test(url) ? insecure(url.replace(/^[a-z]+\+/i, '')) : [];
  if (namesCommit(url)) return notes;
  return [
    ...notes,
    { code: 'vcs-without-commit', message: 'a branch or tag can change after review: name a full commit' },
  ];
}

/** One hash makes pip want a hash for everything (`--require-hashes`). */
export function hashNotes(pins: readonly Pin[], requiresHashes: boolean): readonly ManifestNote[] {
  if (!requiresHashes && pins.every(({ hashes }) => hashes.length === 0)) return [];
  return pins
    .filter(({ hashes }) => hashes.length === 0)
    .map(({ project, file, line }) => ({
      code: 'missing-hash',
      message: `${project} has no hash, but others have: pip refuses the file`,
      file,
      ...(line !== undefined && { line }),
    }));
}

/** Two versions of one project without markers that keep them apart. */
export function duplicateNotes(pins: readonly Pin[]): readonly ManifestNote[] {
  const first = new Map<string, Pin>();
  const notes: ManifestNote[] = [];
  for (const pin of pins) {
    const { project, version, file, line, marker } = pin;
    const other = first.get(project);
    if (other === undefined) first.set(project, pin);
    else if (other.version !== version && (marker === undefined || other.marker === undefined)) {
      notes.push({
        code: 'duplicate-pin',
        message: `${project} ${version} stands beside ${other.version} of ${other.file}:${other.line ?? 1}`,
        file,
        ...(line !== undefined && { line }),
      });
    }
  }
  return notes;
}

function insecure(url: string): readonly Note[] {
  if (!/^http:/i.test(url) || /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/i.test(url)) return [];
  return [
    { code: 'insecure-url', message: `${withoutCredentials(url)} is not encrypted: anyone on the way can change it` },
  ];
}
