import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { KillSwitchRecord } from '../../api/emergency.ts';
import { WheelgateError } from '../../core/errors.ts';
import { KILL_SWITCH_LEVELS, type KillSwitchLevel, LEVEL_SAID } from '../../core/policy/kill-switch.ts';
import { type CommandContext, formatOption, withApi, withCommonFlags } from '../command-context.ts';
import { confirm } from '../confirm.ts';
import { EXIT } from '../exit-code.ts';
import type { CommonFlags } from '../program.ts';
import { printable } from '../terminal.ts';

type Flags = CommonFlags & { readonly format: string; readonly yes?: true };
type MoveFlags = Flags & { readonly reason: string; readonly lock?: string };

/** `kill-switch status`, `kill-switch set <level>`. */
export function addKillSwitch(root: Command, { program, terminal, run }: CommandContext): void {
  const killSwitch = root.command('kill-switch').description('the emergency brake of the whole gate');
  withCommonFlags(killSwitch.command('status'))
    .description('say where it stands')
    .addOption(formatOption('text', 'json'))
    .action(({ format, ...flags }: Flags) =>
      run(async () => {
        const now = await withApi(program, flags, (api) => api.call('readKillSwitch', {}));
        terminal.out(format === 'json' ? json(now) : describe(now));
        return EXIT.clean;
      }),
    );
  withCommonFlags(killSwitch.command('set'))
    .description('move it: one person raises it at once, two lower it')
    .argument('<level>', KILL_SWITCH_LEVELS.map((level) => `${level} ${LEVEL_SAID[level]}`).join(', '), parseLevel)
    .requiredOption('--reason <text>', 'why: it is shown to others and kept for ever')
    .option('--lock <file>', 'for level 3: a lock file with sha256 digests, which stay served')
    .option('--yes', 'do not ask')
    .addOption(formatOption('text', 'json'))
    .action((level: KillSwitchLevel, { format, reason, lock, yes, ...flags }: MoveFlags) =>
      run(async () => {
        const question = `Level ${level} for everybody: ${LEVEL_SAID[level]}?`;
        if (yes !== true && !(await confirm(terminal, question))) return EXIT.pending;
        const locked = lock === undefined ? [] : await digestsIn(lock);
        const now = await withApi(program, flags, (api) =>
          api.call('moveKillSwitch', { body: { level, reason, locked } }),
        );
        terminal.out(format === 'json' ? json(now) : describe(now));
        return now.level === level ? EXIT.clean : EXIT.pending;
      }),
    );
}

function parseLevel(raw: string): KillSwitchLevel {
  const level = KILL_SWITCH_LEVELS.find((one) => String(one) === raw);
  if (level === undefined) throw new InvalidArgumentError(`It is one of ${KILL_SWITCH_LEVELS.join(', ')}.`);
  return level;
}

/** Every sha256 in a lock file, whatever its format: all of them write `sha256:<64 hex digits>` or `sha256 = "<…>"`. */
async function digestsIn(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new WheelgateError('INPUT_UNREADABLE', `${path} cannot be read`, 'Check the path.', error);
  });
  const found = [...text.matchAll(/sha256["']?\s?[:=]\s?["']?([0-9a-f]{64})\b/gi)].map(([, digest]) =>
    digest!.toLowerCase(),
  );
  if (found.length > 0) return [...new Set(found)];
  throw new WheelgateError('INPUT_UNREADABLE', `${path} has no sha256 in it`, 'Give a lock file with hashes.');
}

function json(now: KillSwitchRecord): string {
  return `${JSON.stringify({ schema: 'wheelgate.kill-switch/1', ...now })}\n`;
}

function describe({ level, meaning, since, by, reason, locked, lowering }: KillSwitchRecord): string {
  return [
    `The kill switch is at level ${level}: ${meaning}.`,
    ...(since === null ? [] : [`Set ${since.slice(0, 16)}Z by ${printable(by)}: ${printable(reason)}`]),
    ...(level === 3 ? [`${locked} files of the lock are served.`] : []),
    ...(lowering === null
      ? []
      : [
          `${printable(lowering.by)} wants level ${lowering.to} (${printable(lowering.reason)}); another person has to say so too.`,
        ]),
    '',
  ].join('\n');
}
