import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { parseDurationMs } from '../../core/duration.ts';
import { hasCode, WheelgateError } from '../../core/errors.ts';
import type { AuditFinding, AuditReport } from '../../core/report/audit-report.ts';
import { baselineKeys } from '../../core/report/baseline.ts';
import { type CommandContext, formatOption, withCommonFlags } from '../command-context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { CommonFlags } from '../program.ts';
import { printable } from '../terminal.ts';

const LEVELS = ['low', 'medium', 'high', 'critical'] as const;
const FAIL_ON = ['any', ...LEVELS, 'malware', 'none'] as const;

type Flags = CommonFlags & {
  readonly format: string;
  readonly failOn: (typeof FAIL_ON)[number];
  readonly ignore: readonly string[];
  readonly python?: string;
  readonly platform?: string;
  readonly asOf?: string;
  readonly baseline?: string;
  readonly strict?: boolean;
  readonly maxDataAge?: string;
};

export function addAudit(root: Command, { program, terminal, run, version }: CommandContext): void {
  withCommonFlags(root.command('audit'))
    .description(
      'look up what requirements, locks, SBOMs or an environment name among known malware and vulnerabilities',
    )
    .argument('[paths...]', 'files, folders of a project, a virtual environment; - for standard input (default: .)')
    .addOption(formatOption('text', 'json', 'markdown', 'sarif', 'junit', 'github'))
    .addOption(
      new Option('--fail-on <what>', 'the least finding that makes the exit code 1').choices(FAIL_ON).default('any'),
    )
    .option('--ignore <id>', 'an advisory to pass over; may be repeated', (id, all: string[]) => [...all, id], [])
    .option('--python <version>', 'leave out what markers exclude for this Python, such as 3.12')
    .option('--platform <platform>', 'leave out what markers exclude there: linux, macos, windows, linux-x86_64')
    .option('--as-of <time>', 'what was known at this time, such as 2026-03-24 or 2026-03-24T12:00Z')
    .option('--baseline <file>', 'an earlier JSON report, whose findings do not count')
    .option('--max-data-age <duration>', 'exit 4 when the advisory data is older, such as 7d')
    .option('--strict', 'exit 2 when something could not be looked up')
    .action((paths: string[], flags: Flags) =>
      run(async () => {
        const now = new Date();
        const asOf = flags.asOf === undefined ? undefined : parseTime(flags.asOf);
        const maxAgeMs = flags.maxDataAge === undefined ? undefined : parseDurationMs(flags.maxDataAge);
        try {
          const auditor = await program.openAuditor(flags);
          const report = await auditor.audit({
            inputs: paths.length > 0 ? paths : ['.'],
            python: flags.python,
            platform: flags.platform,
            asOf,
            ignore: flags.ignore,
            baseline: flags.baseline === undefined ? new Set() : await readBaseline(flags.baseline),
          });
          terminal.out(await render(flags.format, report, now, version));
          // Formats for machines have no place for these.
          if (flags.format !== 'text') for (const line of remarks(report)) terminal.err(`${printable(line)}\n`);
          return exitCodeOf(report, flags, now, maxAgeMs);
        } catch (error) {
          // A damaged snapshot: there is nothing to look things up in.
          if (!hasCode(error, 'FEED_INVALID')) throw error;
          terminal.err(`wheelgate: ${printable(error.message)} ${printable(error.help)}\n`);
          return EXIT.unreachable;
        }
      }),
    );
}

/** Each format is loaded when it is asked for. */
async function render(format: string, report: AuditReport, now: Date, version: string): Promise<string> {
  switch (format) {
    case 'json':
      return (await import('../../core/report/json.ts')).renderJson(report);
    case 'markdown':
      return (await import('../../core/report/markdown.ts')).renderMarkdown(report, now);
    case 'sarif':
      return (await import('../../core/report/sarif.ts')).renderSarif(report, version);
    case 'junit':
      return (await import('../../core/report/junit.ts')).renderJunit(report);
    case 'github':
      return (await import('../../core/report/github.ts')).renderGithub(report);
    default:
      return (await import('../../core/report/text.ts')).renderText(report, now);
  }
}

function remarks({ notes, warnings }: AuditReport): readonly string[] {
  return [
    ...notes.map(({ file, line, message }) => `note: ${file}${line === undefined ? '' : `:${line}`}: ${message}`),
    ...warnings.map((warning) => `warning: ${warning}`),
  ];
}

function exitCodeOf(report: AuditReport, flags: Flags, now: Date, maxAgeMs: number | undefined): ExitCode {
  const { findings, errors, releases, unaudited, data } = report;
  if (data.advisories === 0 || data.asOf === undefined) return EXIT.unreachable;
  if (findings.some((finding) => fails(finding, flags.failOn))) return EXIT.violation;
  if (errors.length > 0) return EXIT.usage;
  if (maxAgeMs !== undefined && now.getTime() - Date.parse(data.asOf) > maxAgeMs) return EXIT.unreachable;
  if (releases === 0) return EXIT.nothing;
  return flags.strict && unaudited.length > 0 ? EXIT.pending : EXIT.clean;
}

/** An unknown severity may be any, so that it fails every level. Malware is above all of them. */
function fails({ kind, severity }: AuditFinding, failOn: Flags['failOn']): boolean {
  switch (failOn) {
    case 'none':
      return false;
    case 'any':
      return true;
    case 'malware':
      return kind === 'malware';
    default:
      return (
        kind !== 'vulnerability' || severity === undefined || LEVELS.indexOf(severity.level) >= LEVELS.indexOf(failOn)
      );
  }
}

async function readBaseline(path: string): Promise<ReadonlySet<string>> {
  // Loaded when it is needed: the schema library takes as long as the audit.
  const { auditReportSchema } = await import('../../api/audit.ts');
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new WheelgateError('INPUT_UNREADABLE', `the baseline ${path} cannot be read`, 'Check the path.', error);
  }
  const report = auditReportSchema.safeParse(raw);
  if (!report.success) {
    throw new WheelgateError(
      'INPUT_UNREADABLE',
      `the baseline ${path} is no audit report`,
      'Write it with: wheelgate audit --format json',
      report.error,
    );
  }
  return new Set(report.data.findings.flatMap(baselineKeys));
}

function parseTime(text: string): Date {
  const time = /^\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?$/.test(text) ? new Date(text) : undefined;
  if (time !== undefined && !Number.isNaN(time.getTime())) return time;
  throw new WheelgateError('USAGE', `${text} is no time`, 'Write it as 2026-03-24 or 2026-03-24T12:00Z.');
}
