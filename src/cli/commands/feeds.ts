import type { Command } from 'commander';
import type { FeedExport, FeedImports, FeedStatus } from '../../api/feed.ts';
import { sayDuration } from '../../core/duration.ts';
import { type CommandContext, formatOption, withCommonFlags, withOpened } from '../command-context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { CommonFlags, LocalGate } from '../program.ts';
import { printable } from '../terminal.ts';

type Flags = CommonFlags & { readonly format: string; readonly force?: boolean };

export function addFeeds(root: Command, context: CommandContext): void {
  const feeds = root.command('feeds').description('advisories and malware reports: import, export, sync, status');
  add(
    feeds,
    context,
    'import',
    'read an OSV bulk zip, a folder of OSV records or an export into the store',
    { name: '<location>', says: 'path or address of the feed' },
    async (gate, flags, location) => importResult(await gate.importFeeds([location!], flags.force === true), flags),
  );
  add(
    feeds,
    context,
    'export',
    'write all that is known into one file, for a gate without a network',
    { name: '<file>', says: 'the zip file to make; it must not be there yet' },
    async (gate, flags, path) => {
      const done = await gate.exportFeeds(path!);
      const text = flags.format === 'json' ? `${JSON.stringify(done)}\n` : renderExport(done);
      return { text, exitCode: EXIT.clean };
    },
  );
  add(feeds, context, 'sync', 'read every feed of the configuration ([feeds] urls)', undefined, async (gate, flags) =>
    !gate.hasFeeds
      ? {
          text: 'There are no feeds in the configuration: set urls, epss or kev under [feeds] in wheelgate.toml.\n',
          exitCode: EXIT.nothing,
        }
      : importResult(await gate.syncFeeds(flags.force === true), flags),
  );
  add(feeds, context, 'status', 'show what is known and how old it is', undefined, async (gate, flags) => {
    const status = await gate.feedStatus();
    return {
      text: flags.format === 'json' ? `${JSON.stringify(status)}\n` : renderStatus(status),
      exitCode: status.sources.length === 0 ? EXIT.nothing : EXIT.clean,
    };
  });
}

type Result = { readonly text: string; readonly exitCode: ExitCode };

function add(
  feeds: Command,
  { program, terminal, run }: CommandContext,
  name: string,
  summary: string,
  argument: { readonly name: string; readonly says: string } | undefined,
  act: (gate: LocalGate, flags: Flags, location: string | undefined) => Promise<Result>,
): void {
  const command = withCommonFlags(feeds.command(name)).description(summary).addOption(formatOption('text', 'json'));
  if (argument !== undefined) command.argument(argument.name, argument.says);
  if (name === 'import' || name === 'sync') {
    command.option('--force', 'accept a feed that withdraws more than a tenth of what is known, and an older export');
  }
  command.action((...args: unknown[]) => {
    const flags = (argument === undefined ? args[0] : args[1]) as Flags;
    return run(async () => {
      return withOpened(program.openGate(flags), async (gate) => {
        const { text, exitCode } = await act(gate, flags, argument === undefined ? undefined : String(args[0]));
        terminal.out(text);
        return exitCode;
      });
    });
  });
}

function importResult(done: FeedImports, flags: Flags): Result {
  const failed = [...done.imports, ...(done.exploitation ?? [])].some(({ outcome }) => outcome === 'failed');
  return {
    text: flags.format === 'json' ? `${JSON.stringify(done)}\n` : renderImports(done),
    exitCode: failed ? EXIT.unreachable : EXIT.clean,
  };
}

function renderImports({ imports, exploitation = [] }: FeedImports): string {
  return [...imports.map(renderImport), ...exploitation.map(renderExploitation)].join('');
}

function renderExploitation({
  location,
  feed,
  outcome,
  records,
  rejected,
  problem,
}: NonNullable<FeedImports['exploitation']>[number]): string {
  const from = printable(location);
  if (outcome === 'failed') return `${from}: failed: ${printable(problem ?? '')}\n`;
  if (outcome === 'not-modified') return `${from}: not modified\n`;
  return `${from}: ${feed.toUpperCase()} of ${records} CVEs, ${rejected} rows rejected\n`;
}

function renderImport({
  location,
  outcome,
  records,
  added,
  changed,
  withdrawn,
  rejected,
  problem,
}: FeedImports['imports'][number]): string {
  const from = printable(location);
  if (outcome === 'failed') return `${from}: failed: ${printable(problem ?? '')}\n`;
  if (outcome === 'not-modified') return `${from}: not modified\n`;
  const broken = rejected.map((one) => `  broken record: ${printable(one)}\n`).join('');
  return `${from}: ${records} advisories; ${added} added, ${changed} changed, ${withdrawn.length} withdrawn, ${rejected.length} rejected\n${broken}`;
}

function renderStatus({ sources, exploitation = [] }: FeedStatus): string {
  if (sources.length === 0) return 'There is no advisory data. Import some: wheelgate feeds import <OSV zip>\n';
  const held = sources
    .map((one) => {
      const imported = `imported ${one.importedAt.slice(0, 16).replace('T', ' ')} UTC`;
      return `${printable(one.source)} (${imported})\n${renderHoldings(one)}`;
    })
    .join('');
  const scores = exploitation.map(({ feed, source, records, asOf, importedAt }) => {
    const age = Date.now() - Date.parse(asOf);
    const old = age > 0 ? ` (${sayDuration(age)} old)` : '';
    return `${printable(source)} (imported ${importedAt.slice(0, 16).replace('T', ' ')} UTC)\n  ${feed.toUpperCase()} of ${records} CVEs, of ${asOf.slice(0, 10)}${old}\n`;
  });
  return held + scores.join('');
}

function renderExport({ file, records, sha256, sources, exploitation = [] }: FeedExport): string {
  const said = sources.map((one) => `${printable(one.source)}\n${renderHoldings(one)}`).join('');
  const scores = exploitation.map(
    (one) =>
      `${printable(one.source)}\n  ${one.feed.toUpperCase()} of ${one.records} CVEs, of ${one.asOf.slice(0, 10)}\n`,
  );
  return `${said}${scores.join('')}${printable(file)}: ${records} records, sha256 ${sha256}\n`;
}

function renderHoldings({ malware, vulnerabilities }: FeedExport['sources'][number]): string {
  const say = (what: string, part: typeof malware) =>
    part ? `  ${part.records} ${what}, newest of ${part.asOf.slice(0, 10)}\n` : '';
  return `${say('malware reports', malware)}${say('vulnerabilities', vulnerabilities)}`;
}
