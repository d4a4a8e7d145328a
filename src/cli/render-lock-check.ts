import type { LockCheck, LockProblem } from '../core/lock/lock-check.ts';
import { printable } from './terminal.ts';

/** The result of `wheelgate lock --check`: one document, or lines that editors can jump to. */
export function renderLockChecks(checks: readonly LockCheck[], format: 'text' | 'json'): string {
  if (format === 'json') return `${JSON.stringify(documentOf(checks))}\n`;
  return checks
    .flatMap(linesOf)
    .map((line) => `${printable(line)}\n`)
    .join('');
}

function documentOf(checks: readonly LockCheck[]) {
  return {
    schema: 'wheelgate.lock-check/1',
    locks: checks.map((check) => ({
      file: check.file,
      ok: isProven(check),
      pins: check.pins,
      hashes: check.hashes,
      problems: check.problems.map(({ code, effect, project, version, message, file, line }) => ({
        code,
        effect,
        project: project ?? null,
        version: version ?? null,
        message,
        file,
        line: line ?? null,
      })),
      errors: check.errors.map(({ file, line, message }) => ({ file, line: line ?? null, message })),
      notes: check.notes,
      policyRevision: check.policyRevision ?? null,
      advisoriesAsOf: check.advisoriesAsOf ?? null,
    })),
  };
}

function linesOf(check: LockCheck): readonly string[] {
  const { file, pins, hashes, problems, errors, notes, policyRevision, advisoriesAsOf } = check;
  const asOf = advisoriesAsOf?.slice(0, 10) ?? 'nowhere';
  const data = policyRevision === undefined ? '' : ` (policy ${policyRevision}, advisory data of ${asOf})`;
  return [
    ...errors.map((error) => `${at(error)}: error: ${error.message}`),
    ...problems.map((problem) => `${at(problem)}: ${WORDS[problem.effect]}: ${problem.message}`),
    ...notes.map((note) => `${file}: note: ${note}`),
    isProven(check)
      ? `${file}: ${pins} pins with ${hashes} hashes, all of files that the gate lets in${data}`
      : `${file}: not proven${data}`,
  ];
}

const WORDS = { violation: 'problem', pending: 'pending', note: 'note' } as const;

function isProven({ problems, errors, pins }: LockCheck): boolean {
  return pins > 0 && errors.length === 0 && problems.every(({ effect }) => effect === 'note');
}

function at({ file, line }: Pick<LockProblem, 'file' | 'line'>): string {
  return line === undefined ? file : `${file}:${line}`;
}
