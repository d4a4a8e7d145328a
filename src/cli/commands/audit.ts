import { writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { ExploitationAge } from '../../core/advisories/exploitation.ts';
import { parseDurationMs } from '../../core/duration.ts';
import { hasCode, WheelgateError } from '../../core/errors.ts';
import type { AuditFinding, AuditReport } from '../../core/report/audit-report.ts';
import { type CommandContext, formatOption, withCommonFlags } from '../command-context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Auditor, AuditRun, CommonFlags } from '../program.ts';
import { printable, type Terminal } from '../terminal.ts';

const LEVELS = ['low', 'medium', 'high', 'critical'] as const;
const FORMATS = ['text', 'json', 'markdown', 'sarif', 'cyclonedx', 'vex', 'openvex', 'junit', 'github'] as const;
const FAIL_ON = ['any', ...LEVELS, 'malware', 'kev', 'none'] as const;

type Flags = CommonFlags & {
  readonly format: string;
  readonly also?: readonly Output[];
  readonly failOn: FailOn;
  readonly ignore?: readonly string[];
  readonly vex?: readonly string[];
  readonly python?: string;
  readonly platform?: string;
  readonly asOf?: string;
  readonly baseline?: string;
  readonly index?: string;
  readonly within?: string;
  readonly strict?: boolean;
  readonly allowNothing?: boolean;
  readonly maxDataAge?: string;
  readonly fix?: boolean;
  readonly dryRun?: boolean;
};

/** A number: from this EPSS score on. */
type FailOn = (typeof FAIL_ON)[number] | number;

type Output = { readonly format: (typeof FORMATS)[number]; readonly file: string };

export function addAudit(root: Command, { program, terminal, run, version }: CommandContext): void {
  withCommonFlags(root.command('audit'))
    .description(
      'look up what requirements, locks, SBOMs or an environment name among known malware and vulnerabilities',
    )
    .argument('[paths...]', 'files, folders of a project, a virtual environment; - for standard input (default: .)')
    .addOption(formatOption(...FORMATS))
    .option('--also <format=file>', 'write the report to a file too, in this format; may be repeated', addOutput)
    .addOption(
      new Option(
        '--fail-on <what>',
        `the least finding that makes the exit code 1: ${FAIL_ON.join(', ')} or "epss>=0.5"`,
      )
        .argParser(readFailOn)
        .default('any'),
    )
    .option('--ignore <id>', 'an advisory to pass over; may be repeated', (id, all: string[] = []) => [...all, id])
    .option(
      '--vex <file>',
      'pass over what this VEX file (CycloneDX or OpenVEX) says does not affect a release; may be repeated',
      (file, all: string[] = []) => [...all, file],
    )
    .option('--python <version>', 'leave out what markers exclude for this Python, such as 3.12')
    .option('--platform <platform>', 'leave out what markers exclude there: linux, macos, windows, linux-x86_64')
    .option('--as-of <time>', 'what was known at this time, such as 2026-03-24 or 2026-03-24T12:00Z')
    .option('--baseline <ref or file>', 'count only what is new since a branch, tag, commit or earlier JSON report')
    .option('--index <name>', 'the index of the gate that is asked (default: the one at /simple/)')
    .option('--within <folder>', 'read nothing outside of this folder, whatever the files name')
    .option('--max-data-age <duration>', 'exit 4 when the advisory data is older, such as 7d')
    .option('--strict', 'exit 2 when something could not be looked up')
    .option('--allow-nothing', 'exit 0, not 5, when nothing names a release')
    .option('--fix', 'raise affected pins to the smallest release that is let in and not affected')
    .option('--dry-run', 'with --fix: print the changes as a diff and write nothing')
    .addHelpText(
      'after',
      `
With WHEELGATE_URL (and WHEELGATE_TOKEN) a running gate is asked too: what it holds or blocks is a finding.`,
    )
    .action((paths: string[], flags: Flags) =>
      run(async () => {
        const now = new Date();
        const asked = await readRun(paths, flags);
        const maxAgeMs = flags.maxDataAge === undefined ? undefined : parseDurationMs(flags.maxDataAge);
        try {
          const auditor = await program.openAuditor(flags);
          const report = await auditor.audit(asked);
          if (flags.fix) {
            const left = await fix(auditor, asked, report, flags.dryRun === true, terminal);
            if (flags.dryRun) return exitCodeOf(left, flags, now, maxAgeMs);
          }
          const shown = flags.fix ? await auditor.audit(asked) : report;
          terminal.out(await render(flags.format, shown, now, version));
          for (const { format, file } of flags.also ?? []) writeOutput(file, await render(format, shown, now, version));
          // Formats for machines have no place for these.
          if (flags.format !== 'text') for (const line of remarks(shown)) terminal.err(`${printable(line)}\n`);
          return exitCodeOf(shown, flags, now, maxAgeMs);
        } catch (error) {
          // A damaged snapshot: there is nothing to look things up in.
          if (!hasCode(error, 'FEED_INVALID')) throw error;
          terminal.err(`wheelgate: ${printable(error.message)} ${printable(error.help)}\n`);
          return EXIT.unreachable;
        }
      }),
    );
}

function readFailOn(text: string): FailOn {
  const named = FAIL_ON.find((one) => one === text);
  if (named !== undefined) return named;
  const [, score] = /^epss>=((?:0(?:\.\d{1,9})?)|1(?:\.0{1,9})?)$/.exec(text) ?? [];
  if (score !== undefined) return Number(score);
  throw new WheelgateError(
    'USAGE',
    `--fail-on ${text} names no finding`,
    `Write one of ${FAIL_ON.join(', ')}, or a score: "epss>=0.5".`,
  );
}

function addOutput(text: string, all: readonly Output[] = []): readonly Output[] {
  const [, name, file] = /^([a-z]+)=(.+)$/s.exec(text) ?? [];
  const format = FORMATS.find((one) => one === name);
  if (format !== undefined && file !== undefined) return [...all, { format, file }];
  throw new WheelgateError('USAGE', `--also ${text} names no format and file`, 'Write it as sarif=wheelgate.sarif.');
}

function writeOutput(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new WheelgateError('USAGE', `${file} cannot be written`, 'Check the path and its permissions.', error);
  }
}

async function readRun(paths: readonly string[], flags: Flags): Promise<AuditRun> {
  if (flags.dryRun && !flags.fix) throw new WheelgateError('USAGE', '--dry-run goes with --fix', 'Add --fix.');
  if (flags.fix && paths.includes('-')) {
    throw new WheelgateError('USAGE', 'standard input cannot be fixed', 'Name the file.');
  }
  const baseline =
    flags.baseline === undefined ? undefined : await (await import('../read-baseline.ts')).readBaseline(flags.baseline);
  return {
    inputs: paths.length > 0 ? paths : ['.'],
    python: flags.python,
    platform: flags.platform,
    asOf: flags.asOf === undefined ? undefined : parseTime(flags.asOf),
    ignore: flags.ignore ?? [],
    ...(flags.vex && { vex: (await import('../read-vex-files.ts')).readVexFiles(flags.vex) }),
    baseline,
    index: flags.index,
    within: flags.within,
  };
}

/** @returns the report without what is, or would be, raised */
async function fix(
  auditor: Auditor,
  asked: AuditRun,
  report: AuditReport,
  isDryRun: boolean,
  terminal: Terminal,
): Promise<AuditReport> {
  const { renderFix, renderFixDiff } = await import('../../core/report/fix-report.ts');
  const planned = await auditor.planFix(asked, report);
  if (isDryRun) terminal.out(renderFixDiff(planned));
  else await auditor.writeFix(planned);
  terminal.err(renderFix(planned, isDryRun));
  const gone = new Set(
    planned.raised.flatMap(({ project, places }) => places.map(({ file, line }) => `${project} ${file}:${line}`)),
  );
  const isLeft = ({ project, file, line }: AuditFinding) => !gone.has(`${project} ${file}:${line}`);
  return { ...report, findings: report.findings.filter(isLeft) };
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
    case 'cyclonedx':
      return (await import('../../core/report/cyclonedx.ts')).renderCycloneDx(report, now, version);
    case 'vex':
      return (await import('../../core/report/cyclonedx.ts')).renderCycloneDxVex(report, now, version);
    case 'openvex':
      return (await import('../../core/report/openvex.ts')).renderOpenVex(report, now, version);
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
  const counting = findings.filter((finding) => fails(finding, flags.failOn, data.exploitation ?? {}));
  if (counting.some(({ effect }) => effect !== 'hold')) return EXIT.violation;
  if (errors.length > 0) return EXIT.usage;
  if (maxAgeMs !== undefined && now.getTime() - Date.parse(data.asOf) > maxAgeMs) return EXIT.unreachable;
  if (releases === 0) return flags.allowNothing ? EXIT.clean : EXIT.nothing;
  if (counting.length > 0) return EXIT.pending;
  return flags.strict && unaudited.length > 0 ? EXIT.pending : EXIT.clean;
}

/**
 * An unknown severity may be any, so that it fails every level; so do EPSS and KEV that are not held, and a CVE without a
 * score. Malware and policy are above all of them.
 */
function fails({ kind, severity, exploitation }: AuditFinding, failOn: FailOn, held: ExploitationAge): boolean {
  if (typeof failOn === 'number')
    return kind !== 'vulnerability' || exploitation?.epss === undefined || exploitation.epss.score >= failOn;
  switch (failOn) {
    case 'none':
      return false;
    case 'any':
      return true;
    case 'malware':
      return kind === 'malware';
    case 'kev':
      return kind !== 'vulnerability' || held.kev === undefined || exploitation?.kev !== undefined;
    default:
      return (
        kind !== 'vulnerability' || severity === undefined || LEVELS.indexOf(severity.level) >= LEVELS.indexOf(failOn)
      );
  }
}

function parseTime(text: string): Date {
  const time = /^\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?$/.test(text) ? new Date(text) : undefined;
  if (time !== undefined && !Number.isNaN(time.getTime())) return time;
  throw new WheelgateError('USAGE', `${text} is no time`, 'Write it as 2026-03-24 or 2026-03-24T12:00Z.');
}
