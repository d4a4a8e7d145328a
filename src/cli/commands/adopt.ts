import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Command, Option } from 'commander';
import { WheelgateError } from '../../core/errors.ts';
import type { AdoptDecisions, AdoptPlan, PlannedFile } from '../adopter.ts';
import { adoptionExtras } from '../adoption-extras.ts';
import { type CommandContext, formatOption, withCommonFlags, withOpened } from '../command-context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { CommonFlags } from '../program.ts';
import { renderAdoption, renderNextSteps, renderPatch } from '../render-adoption.ts';
import { exitCodeOfOutcome } from '../render-lock-outcome.ts';
import { progressLine } from '../terminal.ts';

type Flags = CommonFlags & {
  readonly output?: string;
  readonly dryRun?: boolean;
  readonly format: string;
  readonly extra: readonly string[];
  readonly group: readonly string[];
  readonly resolver?: 'uv' | 'pip';
  readonly index?: string;
  readonly url?: string;
};

/** What a project says of its dependencies, in its own folder. */
const PROJECT_FILE =
  /^(?:[\w.-]*requirements[\w.-]*\.(?:in|txt)|pyproject\.toml|Pipfile|uv\.lock|poetry\.lock|pdm\.lock|Pipfile\.lock|pylock\.(?:[^.]+\.)?toml)$/;

const collect = (value: string, all: readonly string[]) => [...all, value];

export function addAdopt(root: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(root.command('adopt'))
    .description(
      'move a project over to the gate: judge what it uses, approve what the policy lets in, lock the rest open',
    )
    .argument('[files...]', 'manifests and locks of one project (default: those of this folder)')
    .option('-o, --output <file>', 'where the lock goes (default: by what is read, docs/locking.md)')
    .option('--dry-run', 'show what would be written and approved, and do neither')
    .addOption(formatOption('text', 'json'))
    .option('--extra <name>', 'an extra of pyproject.toml; may be repeated', collect, [])
    .option('--group <name>', 'a dependency group of pyproject.toml; may be repeated', collect, [])
    .addOption(
      new Option('--resolver <name>', 'who chooses the releases (default: uv, else pip)').choices(['uv', 'pip']),
    )
    .option('--index <name>', 'which index (default: the one at /simple/)')
    .option('--url <url>', 'address of the index for the clients (default: from the configuration)')
    .action((paths: string[], flags: Flags) =>
      run(async () => {
        const files =
          paths.length > 0
            ? paths
            : readdirSync('.')
                .filter((name) => PROJECT_FILE.test(name))
                .sort();
        if (files.length === 0) {
          terminal.err('This folder has no requirements, pyproject.toml or lock. Name the files.\n');
          return EXIT.nothing;
        }
        const indexUrl = flags.url ?? (await program.indexUrl(flags, flags.index));
        return withOpened(program.openAdopter(flags, flags.index), async (adopter) => {
          const { output, extra: extras, group: groups, resolver } = flags;
          const progress = progressLine(terminal);
          progress.show('resolving, and having the gate inspect what is in use');
          const plan = await adopter.plan({ files, output, extras, groups, resolver }).finally(progress.clear);
          const isDryRun = flags.dryRun === true;
          const writes = [...plan.writes, ...adoptionExtras(plan, indexUrl).map(asItIs)];
          const isText = flags.format === 'text';
          // Shown before anything is written, so that it is known even when the rest fails.
          if (isText) terminal.out(`${renderAdoption(plan)}\n${renderPatch(writes)}\n`);
          const decisions = isDryRun ? undefined : await adopter.decide(plan);
          const backups = isDryRun ? [] : writeAll(writes);
          if (isText) terminal.out(renderNextSteps(plan, backups, decisions));
          else terminal.out(`${JSON.stringify(documentOf(plan, writes, decisions))}\n`);
          return exitCodeOf(plan);
        });
      }),
    );
}

/** Blocked before held before unreadable: the gravest thing decides. */
function exitCodeOf({ releases, outcome, errors }: AdoptPlan): ExitCode {
  if (releases.some(({ state }) => state === 'blocked')) return EXIT.violation;
  if (outcome.kind !== 'locked') return exitCodeOfOutcome(outcome);
  if (errors.length > 0) return EXIT.usage;
  return releases.some(({ state }) => state !== 'baseline') ? EXIT.pending : EXIT.clean;
}

function documentOf(plan: AdoptPlan, writes: readonly PlannedFile[], decisions: AdoptDecisions | undefined) {
  const placeOf = ({ file, line }: { file: string; line?: number }) => ({ file, line: line ?? null });
  return {
    schema: 'wheelgate.adoption/1',
    dryRun: decisions === undefined,
    releases: plan.releases.map(({ project, version, state, reason, reviewUrl, approvable }) => ({
      project,
      version,
      state,
      reason: reason ?? null,
      review: reviewUrl,
      approvable,
    })),
    unlockable: plan.unlockable.map((one) => ({ requirement: one.requirement, reason: one.reason, ...placeOf(one) })),
    errors: plan.errors.map((error) => ({ message: error.message, ...placeOf(error) })),
    notes: plan.notes.map((note) => ({ code: note.code, message: note.message, ...placeOf(note) })),
    locked: plan.outcome.kind,
    files: writes.map(({ path, before, text }) => ({ path, isNew: before === undefined, isChanged: before !== text })),
    approved: decisions?.approved ?? 0,
    inReview: decisions?.inReview ?? 0,
  };
}

/** With what the file holds now, so that the patch is true. */
function asItIs({ path, text }: PlannedFile): PlannedFile {
  return existsSync(path) ? { path, text, before: readFileSync(path, 'utf8') } : { path, text };
}

/** Writes what changed; what a file held before stays beside it. @returns what was kept */
function writeAll(files: readonly PlannedFile[]): readonly { readonly path: string; readonly backup: string }[] {
  const backups: { path: string; backup: string }[] = [];
  try {
    for (const { path, before, text } of files) {
      if (before === text) continue;
      mkdirSync(dirname(path), { recursive: true });
      if (before !== undefined) {
        const backup = freeName(`${path}.before-wheelgate`);
        writeFileSync(backup, before, { flag: 'wx' });
        backups.push({ path, backup });
      }
      writeFileSync(`${path}.partial`, text);
      renameSync(`${path}.partial`, path);
    }
    return backups;
  } catch (error) {
    const kept = backups.map(({ backup }) => backup).join(', ');
    const help = kept === '' ? 'Nothing was overwritten.' : `What stood there before is in ${kept}.`;
    throw new WheelgateError('INPUT_UNREADABLE', 'not everything could be written', help, error);
  }
}

/** An earlier backup is not overwritten. */
function freeName(path: string): string {
  let name = path;
  for (let n = 2; existsSync(name); n++) name = `${path}-${n}`;
  return name;
}
