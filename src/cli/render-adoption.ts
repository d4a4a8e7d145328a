import { createTwoFilesPatch } from 'diff';
import type { Place } from '../core/manifest/manifest.ts';
import type { AdoptDecisions, AdoptPlan, PlannedFile } from './adopter.ts';
import { ADOPTION_FOLDER } from './adoption-extras.ts';
import { renderOutcome } from './render-lock-outcome.ts';
import { printable } from './terminal.ts';

const STATES = [
  ['baseline', 'let in by the policy'],
  ['exempted-baseline', 'held: to be reviewed or replaced'],
  ['blocked', 'blocked: must go'],
  ['absent', 'of no upstream of the gate'],
  ['unread', 'not judged: their bytes could not be had'],
] as const;

/** What was found, for people: where each release stands, and what could not be adopted. */
export function renderAdoption(plan: AdoptPlan): string {
  const { files, releases, unlockable, notes, errors } = plan;
  const lines = [
    `read ${files.join(', ')}`,
    ...errors.map((error) => `${at(error)}: ${error.message}`),
    ...unlockable.map((one) => `${at(one)}: ${one.requirement}: no index serves this (${one.reason}), it is left out`),
    ...notes.map((note) => `${at(note)}: ${note.message}`),
    `${releases.length} releases are in use`,
    ...STATES.flatMap(([state, words]) => {
      const own = releases.filter((release) => release.state === state);
      const named = state === 'baseline' ? [] : own;
      if (own.length === 0) return [];
      return [
        `${String(own.length).padStart(6)} ${words} (${state})`,
        ...named.map(
          ({ project, version, reason = '', reviewUrl }) => `         ${project} ${version}: ${reason}; ${reviewUrl}`,
        ),
      ];
    }),
  ];
  const text = lines.map((line) => `${printable(line)}\n`).join('');
  return plan.outcome.kind === 'locked' ? text : `${text}No lock is written:\n${renderOutcome(plan.outcome)}`;
}

/** What is written, as one patch: `git apply -R` takes it back. */
export function renderPatch(files: readonly PlannedFile[]): string {
  return files
    .filter(({ before, text }) => before !== text)
    .map(({ path, before, text }) => {
      const old = before === undefined ? '/dev/null' : `a/${path}`;
      return createTwoFilesPatch(old, `b/${path}`, before ?? '', text, undefined, undefined, { context: 3 }).replace(
        /^=+\n/,
        '',
      );
    })
    .join('');
}

/** What a person does next, and how everything is taken back. @param decisions undefined after a dry run */
export function renderNextSteps(
  { releases, preset, writes }: AdoptPlan,
  backups: readonly { readonly path: string; readonly backup: string }[],
  decisions: AdoptDecisions | undefined,
): string {
  const left = releases.filter(({ state }) => state !== 'baseline').length;
  const created = writes.filter(({ before }) => before === undefined).map(({ path }) => path);
  const lines = [
    ...(decisions === undefined
      ? ['Nothing was written and nothing approved: run it without --dry-run.']
      : [
          `${decisions.approved} files were approved with the reason "baseline", ${decisions.inReview} releases are in review.`,
          ...decisions.remarks,
        ]),
    '',
    'Next:',
    ...(left > 0 && preset !== 'monitor'
      ? [
          `- Start with preset = "monitor" in policy.toml, so that nobody is stopped; back to "${preset}" when`,
          `  ${ADOPTION_FOLDER}/baseline.json is empty. \`wheelgate why\` explains an entry, \`wheelgate approve\` lets one in.`,
        ]
      : []),
    ...(left > 0 && preset === 'monitor'
      ? [`- Work off ${ADOPTION_FOLDER}/baseline.json, then enforce: preset = "balanced" in policy.toml.`]
      : []),
    `- Let the clients use the gate alone: the settings are in ${ADOPTION_FOLDER}/, each says where it belongs.`,
    `- Let CI check the lock: ${ADOPTION_FOLDER}/ci.yml.`,
    '- `wheelgate doctor` finds what still goes round the gate.',
    ...(decisions === undefined
      ? []
      : [
          '',
          'To undo it:',
          `- rm -r ${[...created, ADOPTION_FOLDER].join(' ')}`,
          ...backups.map(({ path, backup }) => `- mv ${backup} ${path}`),
          '- Approvals stay on record; `wheelgate deny <sha256> --reason …` withdraws one.',
        ]),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function at({ file, line }: Place): string {
  return line === undefined ? file : `${file}:${line}`;
}
