import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Scanner } from '@virustotal/yara-x';
import { WheelgateError } from '../../core/errors.ts';
import type { Effect, Finding } from '../../core/finding.ts';

/** A file of a team's YARA rules: text that each inspection thread compiles. */
export type YaraSource = { readonly path: string; readonly text: string };

/** Applies a team's YARA rules to one member of a package after the other. */
export type YaraScanner = {
  /** @returns one finding per rule that matches */
  scan(path: string, bytes: Uint8Array): readonly Finding[];
};

type Match = {
  readonly identifier: string;
  readonly isPrivate: boolean;
  readonly metadata: readonly { readonly identifier: string; readonly value: unknown }[];
  readonly patterns: readonly {
    readonly identifier: string;
    readonly matches: readonly { readonly offset: number }[];
  }[];
};

const EFFECTS: ReadonlySet<unknown> = new Set<Effect>(['note', 'hold', 'block']);
const MAX_DESCRIPTION = 200;

/**
 * Compiles rule files.
 * @throws {WheelgateError} CONFIG_INVALID with file and line of the first mistake
 */
export async function compileYaraRules(sources: readonly YaraSource[]): Promise<YaraScanner> {
  // Loaded here: who has no rules never pays for 6 MB of WebAssembly.
  const yara = await import('@virustotal/yara-x');
  const main = createRequire(import.meta.url).resolve('@virustotal/yara-x');
  await yara.default({ module_or_path: await readFile(main.replace(/\.js$/, '_bg.wasm')) });
  const compiler = new yara.Compiler();
  for (const { path, text } of sources) {
    try {
      compiler.newNamespace(path);
      compiler.addSource(text);
    } catch (error) {
      throw invalidRule(path, error);
    }
  }
  const scanner = compiler.build().scanner();
  return { scan: (path, bytes) => matchesOf(scanner, bytes).map((match) => toFinding(path, match)) };
}

function matchesOf(scanner: Scanner, bytes: Uint8Array): readonly Match[] {
  const result = scanner.scan(bytes) as { readonly matches: readonly Match[] };
  return result.matches.filter(({ isPrivate }) => !isPrivate);
}

/** Messages of the compiler begin with the mistake and name the line in an arrow below it. */
function invalidRule(path: string, error: unknown): WheelgateError {
  const message = error instanceof Error ? error.message : String(error);
  const [, mistake = 'is no YARA rule'] = /^(?:error\[\w+\]: )?([^\n]+)/.exec(message) ?? [];
  const [, line] = /--> line:(\d+)/.exec(message) ?? [];
  return new WheelgateError(
    'CONFIG_INVALID',
    `${path}${line === undefined ? '' : `:${line}`}: ${mistake}`,
    'Correct the rule, or take the file out of analysis.yara.',
    error,
  );
}

function toFinding(file: string, { identifier, metadata, patterns }: Match): Finding {
  const meta = (name: string) => metadata.find((each) => each.identifier === name)?.value;
  const description = meta('description');
  const wanted = meta('effect');
  const [first] = patterns
    .flatMap((pattern) => pattern.matches.map(({ offset }) => ({ offset, name: pattern.identifier })))
    .sort((a, b) => a.offset - b.offset);
  return {
    rule: 'yara',
    code: 'match',
    effect: EFFECTS.has(wanted) ? (wanted as Effect) : 'hold',
    message: `matches the team's YARA rule ${identifier}${typeof description === 'string' ? `: ${description.slice(0, MAX_DESCRIPTION)}` : ''}`,
    file,
    ...(first !== undefined && { context: `${first.name} at offset ${first.offset}` }),
  };
}
