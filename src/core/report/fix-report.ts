import { createTwoFilesPatch } from 'diff';
import { decodeText } from '../manifest/decode-text.ts';
import type { Place } from '../manifest/manifest.ts';
import type { ProjectName } from '../python/name.ts';
import { plainLine } from './plain-line.ts';

/** What `--fix` does to files, before any of it is written. */
export type Fix = {
  readonly files: readonly { readonly path: string; readonly before: Uint8Array; readonly after: Uint8Array }[];
  readonly raised: readonly RaisedPin[];
  readonly refused: readonly { readonly project: ProjectName; readonly version: string; readonly reason: string }[];
  /** What could not be checked. */
  readonly remarks: readonly string[];
};

export type RaisedPin = {
  readonly project: ProjectName;
  readonly from: string;
  readonly to: string;
  readonly places: readonly Place[];
  /** Why it is raised, when nothing is known against it itself. */
  readonly because?: string;
};

/** What was, or would be, raised, and what was not and why; one line each. */
export function renderFix({ raised, refused, remarks }: Fix, isDryRun: boolean): string {
  const verb = isDryRun ? 'would raise' : 'raised';
  const lines = [
    ...raised.map(({ project, from, to, places, because }) => {
      const where = places.map(({ file, line }) => (line === undefined ? file : `${file}:${line}`)).join(', ');
      return `${verb} ${project} ${from} to ${to}  ${where}${because === undefined ? '' : `  for ${because}`}`;
    }),
    ...refused.map(({ project, version, reason }) => `not raised: ${project} ${version}: ${reason}`),
    ...remarks.map((remark) => `note: ${remark}`),
    ...(raised.length + refused.length === 0 ? ['nothing to raise'] : []),
  ];
  return lines.map((line) => `${plainLine(line)}\n`).join('');
}

/** A unified diff that `git apply` and `patch` take, for files in UTF-8. */
export function renderFixDiff({ files }: Fix): string {
  return files
    .map(({ path, before, after }) =>
      createTwoFilesPatch(
        `a/${path}`,
        `b/${path}`,
        decodeText(before).text,
        decodeText(after).text,
        undefined,
        undefined,
        {
          context: 3,
        },
      ).replace(/^=+\n/, ''),
    )
    .join('');
}
