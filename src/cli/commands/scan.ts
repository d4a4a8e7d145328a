import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { ScanResult } from '../../api/scan.ts';
import { WheelgateError } from '../../core/errors.ts';
import { type CommandContext, formatOption, withLocalFlags, withOpened } from '../command-context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { CommonFlags, Scanner } from '../program.ts';
import { printable, progressLine } from '../terminal.ts';

type Flags = CommonFlags & {
  readonly format: string;
  readonly filesFrom?: string;
  readonly jobs?: number;
  readonly advisories: boolean;
};
type Scanned = ScanResult & { readonly unreadable: boolean };

export function addScan(root: Command, { program, terminal, run }: CommandContext): void {
  withLocalFlags(root.command('scan'))
    .description('inspect wheels, sdists and source trees on this machine without running anything of them')
    .argument('[files...]', 'wheels, sdists, folders that hold them, or the folder of a source tree')
    .option('--files-from <list>', 'a file with one path per line; - for standard input')
    .option('--jobs <n>', 'how many files to read at once (default: one per core)', readJobs)
    .option('--no-advisories', 'judge by the bytes alone, not by what is known of the release')
    .addOption(formatOption('text', 'json', 'sarif', 'markdown'))
    .action((files: string[], flags: Flags) =>
      run(async () => {
        const inputs = [...files, ...(flags.filesFrom === undefined ? [] : readList(flags.filesFrom))];
        if (inputs.length === 0)
          throw new WheelgateError('USAGE', 'there is nothing to scan', 'Name files or folders, or use --files-from.');
        const progress = progressLine(terminal);
        return withOpened(
          program.openScanner(flags, {
            advisories: flags.advisories,
            ...(flags.jobs !== undefined && { jobs: flags.jobs }),
          }),
          async (scanner) => {
            const results = await scanAll(scanner, inputs, (done, all) => progress.show(`scanned ${done} of ${all}`));
            progress.clear();
            terminal.out(await render(results, flags.format));
            if (results.length === 0) terminal.err('nothing was scanned: there are no files in what was named\n');
            return exitCodeOf(results);
          },
        );
      }),
    );
}

function readJobs(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new WheelgateError('USAGE', `--jobs ${text} is not a number from 1 to 999`, 'Leave it out for one per core.');
}

async function render(results: readonly Scanned[], format: string): Promise<string> {
  switch (format) {
    case 'json':
      return renderJson(results);
    case 'sarif':
      return (await import('../../core/report/scan-sarif.ts')).renderScanSarif(results);
    case 'markdown':
      return (await import('../../core/report/scan-markdown.ts')).renderScanMarkdown(results);
    default:
      return renderText(results);
  }
}

/** One result per input; a folder gives one per distribution file in it, and one of its own when code lies in it. */
async function scanAll(
  scanner: Scanner,
  inputs: readonly string[],
  onDone: (done: number, all: number) => void,
): Promise<readonly Scanned[]> {
  const paths = (await Promise.all(inputs.map((input) => scanner.find(input)))).flat();
  const results = new Array<Scanned>(paths.length);
  const queue = paths.entries();
  let done = 0;
  const work = async () => {
    for (const [at, path] of queue) {
      results[at] = await scanner.scan(path);
      onDone(++done, paths.length);
    }
  };
  await Promise.all(Array.from({ length: scanner.width }, work));
  return results;
}

function readList(path: string): readonly string[] {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8')
      .split(/\r?\n/)
      .filter((line) => line !== '');
  } catch (error) {
    throw new WheelgateError('INPUT_UNREADABLE', `the list ${path} cannot be read`, 'Check the path.', error);
  }
}

function exitCodeOf(results: readonly Scanned[]): ExitCode {
  if (results.length === 0) return EXIT.nothing;
  if (results.some(({ verdict }) => verdict === 'block')) return EXIT.violation;
  if (results.some(({ unreadable }) => unreadable)) return EXIT.usage;
  return results.some(({ verdict }) => verdict === 'hold') ? EXIT.pending : EXIT.clean;
}

function renderJson(results: readonly Scanned[]): string {
  return `${JSON.stringify({ schema: 'wheelgate.scan/1', results: results.map(({ unreadable: _, ...result }) => result) })}\n`;
}

/** False for a note on the advisories, which is the same for all files: it is told once. */
function isOfFile({ rule, effect }: ScanResult['findings'][number]): boolean {
  return rule !== 'feed-age' || effect !== 'note';
}

function renderText(results: readonly Scanned[]): string {
  const lines = results.flatMap(({ input, verdict, score, findings, capabilities }) => [
    `${verdict.toUpperCase().padEnd(6)} ${printable(input)}  score ${score.toFixed(3)}`,
    ...findings.filter(isOfFile).map(({ rule, effect, message, file, line, context }) => {
      const place = file === null ? '' : `  ${file}${line === null ? '' : `:${line}`}`;
      return printable(`       ${effect}  ${rule}: ${message}${place}${context === null ? '' : `  ${context}`}`);
    }),
    ...sayCapabilities(capabilities),
  ]);
  const count = (verdict: ScanResult['verdict']) => results.filter((result) => result.verdict === verdict).length;
  const ofData = results.flatMap(({ findings }) => findings.filter((finding) => !isOfFile(finding)));
  lines.push(...new Set(ofData.map(({ effect, rule, message }) => `${effect}  ${rule}: ${message}`)));
  lines.push(`${results.length} scanned: ${count('allow')} allow, ${count('hold')} hold, ${count('block')} block`);
  return `${lines.join('\n')}\n`;
}

/** One line: each capability with the earliest moment at which the code has it. */
function sayCapabilities(capabilities: ScanResult['capabilities']): readonly string[] {
  const earliest = new Map<string, string>();
  for (const { capability, context } of capabilities) {
    if (!earliest.has(capability)) earliest.set(capability, `${capability}@${context}`);
  }
  return earliest.size === 0 ? [] : [`       can  ${[...earliest.values()].join(', ')}`];
}
