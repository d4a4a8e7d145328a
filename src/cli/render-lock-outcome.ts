import type { LockOutcome, Missing, Withheld } from '../core/lock/lock-outcome.ts';
import type { Place } from '../core/manifest/manifest.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { printable } from './terminal.ts';

/** What a lock came to, for people: why it could not be made, or what they should know of it. */
export function renderOutcome(outcome: LockOutcome): string {
  return linesOf(outcome)
    .map((line) => `${printable(line)}\n`)
    .join('');
}

function linesOf(outcome: LockOutcome): readonly string[] {
  switch (outcome.kind) {
    case 'locked': {
      const { releases } = outcome.document;
      const files = releases.reduce((sum, release) => sum + release.files.length, 0);
      return [...outcome.remarks, `locked ${releases.length} releases, ${files} files`];
    }
    case 'unreadable':
      return [
        ...outcome.errors.map((error) => `${at(error)}: ${error.message}`),
        ...outcome.unlockable.map((one) => `${at(one)}: ${one.requirement}: no index serves this (${one.reason})`),
        ...(outcome.unlockable.length > 0
          ? ['Publish it where the gate looks, or lock the rest with --leave-out.']
          : ['Nothing was locked.']),
      ];
    case 'nothing':
      return ['there is nothing to lock: the files ask for nothing'];
    case 'withheld':
      return outcome.withheld.flatMap(withheldLines);
    case 'unresolved':
      return unresolvedLines(outcome);
  }
}

function unresolvedLines({
  resolver,
  output,
  missing,
}: LockOutcome & { readonly kind: 'unresolved' }): readonly string[] {
  const known = [
    ...missing.withheld.flatMap(withheldLines),
    ...missing.absent.map((project) => `${project}: no upstream of the gate has it`),
    ...missing.sourceOnly.map(
      (project) =>
        `${project}: there is no wheel, and building its source runs its code here; --allow-builds lets it be built`,
    ),
  ];
  // Of a tool's own account its last lines say most; the reasons of the gate stand before it.
  const said = output.trimEnd().split(/\r?\n/).slice(-15);
  return [...known, `${resolver} found no releases that fit together:`, ...said.map((line) => `    ${line}`)];
}

function withheldLines({ project, version, verdict, reason, reviewUrl, requiredBy }: Withheld): readonly string[] {
  const who = requiredBy === undefined ? '' : `${at(requiredBy)}: ${requiredBy.text}: `;
  return [`${who}${project} ${version} is ${verdict === 'hold' ? 'held' : 'blocked'}: ${reason}; ${reviewUrl}`];
}

function at({ file, line }: Place): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** 1 when something is blocked, 2 when time or a person may end it. */
export function exitCodeOfOutcome(outcome: LockOutcome): ExitCode {
  switch (outcome.kind) {
    case 'locked':
      return EXIT.clean;
    case 'nothing':
      return EXIT.nothing;
    case 'unreadable':
      return EXIT.usage;
    case 'withheld':
      return exitCodeOfWithheld(outcome.withheld);
    case 'unresolved':
      return exitCodeOfMissing(outcome.missing);
  }
}

function exitCodeOfMissing({ withheld }: Missing): ExitCode {
  return withheld.length > 0 ? exitCodeOfWithheld(withheld) : EXIT.usage;
}

function exitCodeOfWithheld(withheld: readonly Withheld[]): ExitCode {
  return withheld.some(({ verdict }) => verdict === 'block') ? EXIT.violation : EXIT.pending;
}
