import { createHash } from 'node:crypto';
import type { DirectRequirement, DirectRequirements } from '../manifest/direct-requirements.ts';
import { formatRequirement } from '../python/requirement.ts';
import { parseSha256, type Sha256 } from '../sha256.ts';
import type { LockHeader } from './lock-document.ts';

const TITLE = '# Locked by Wheelgate. To renew it:';
const WIDTH = 13;

/** The comment at the top of a lock, in every format the same; `readLockHeader` reads it back. */
export function renderLockHeader(header: LockHeader): string {
  const rows: readonly (readonly [key: string, value: string | undefined])[] = [
    ...header.inputs.map((input) => ['input', input] as const),
    ...header.extras.map((extra) => ['extra', extra] as const),
    ...header.groups.map((group) => ['group', group] as const),
    ['requirements', `sha256:${header.requirements}`],
    ['gate', header.gate],
    ['policy', header.policyRevision],
    ['advisories', header.advisories],
    ['resolver', header.resolver],
    ['python', header.python],
    ['platform', header.platform],
    ...header.leftOut.map((text) => ['left out', text] as const),
  ];
  return [
    TITLE,
    `#     ${oneLine(header.command)}`,
    '#',
    ...rows.flatMap(([key, value]) => (value === undefined ? [] : [`# ${key.padEnd(WIDTH)}${oneLine(value)}`])),
    '',
  ].join('\n');
}

/** What a header says that a check needs. Undefined: the file has none, and other tools or people wrote it. */
export function readLockHeader(
  text: string,
): Pick<LockHeader, 'inputs' | 'extras' | 'groups' | 'requirements' | 'python' | 'platform'> | undefined {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  if (lines[0] !== TITLE) return undefined;
  const end = lines.findIndex((line) => !line.startsWith('#'));
  const values = new Map<string, string[]>();
  for (const line of lines.slice(1, end === -1 ? undefined : end)) {
    const key = line.slice(2, 2 + WIDTH).trim();
    values.set(key, [...(values.get(key) ?? []), line.slice(2 + WIDTH)]);
  }
  const digest = /^sha256:([0-9a-f]{64})$/.exec(values.get('requirements')?.[0] ?? '')?.[1];
  if (digest === undefined) return undefined;
  const [python] = values.get('python') ?? [];
  const [platform] = values.get('platform') ?? [];
  return {
    inputs: values.get('input') ?? [],
    extras: values.get('extra') ?? [],
    groups: values.get('group') ?? [],
    requirements: parseSha256(digest),
    ...(python !== undefined && { python }),
    ...(platform !== undefined && { platform }),
  };
}

/** Changes when the inputs ask for something else; comments, order and layout do not count. */
export function requirementsDigest({ requirements, constraints, unlockable, prereleases }: DirectRequirements): Sha256 {
  const textsOf = (list: readonly DirectRequirement[]) => [
    ...new Set(list.map(({ requirement }) => formatRequirement(requirement))),
  ];
  const parts = [
    ...textsOf(requirements).map((text) => `r ${text}`),
    ...textsOf(constraints).map((text) => `c ${text}`),
    ...unlockable.map(({ requirement }) => `u ${requirement}`),
    ...(prereleases ? ['pre'] : []),
  ];
  return parseSha256(createHash('sha256').update(JSON.stringify(parts.sort())).digest('hex'));
}

/** File names and indexes are other people's text: none of it may end the comment. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?');
}
