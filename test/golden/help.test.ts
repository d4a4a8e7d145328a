import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runCli } from '../../src/cli/main.ts';
import type { Program } from '../../src/cli/program.ts';
import { readDocument, readTable } from '../docs/markdown.ts';

// What `--help` prints, word for word, of every command that there is. UPDATE_GOLDEN=1 writes the files anew.

const FOLDER = fileURLToPath(new URL('help/', import.meta.url));
const UPDATE = process.env.UPDATE_GOLDEN === '1';

async function helpOf(command: readonly string[]): Promise<string> {
  const printed: string[] = [];
  const terminal = {
    out: (text: string) => void printed.push(text),
    err: assert.fail,
    errIsTty: false,
    outIsTty: false,
    isInteractive: false,
  };
  assert.equal(await runCli([...command, '--help'], {} as Program, terminal, '0'), 0);
  return printed.join('');
}

/** Names under "Commands:". */
function commandsIn(help: string): readonly string[] {
  const [, list = ''] = help.split(/^Commands:\n/m);
  return [...list.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name!).filter((name) => name !== 'help');
}

async function everyHelp(command: readonly string[] = []): Promise<ReadonlyMap<string, string>> {
  const help = await helpOf(command);
  const below = await Promise.all(commandsIn(help).map((name) => everyHelp([...command, name])));
  return new Map([[command.join(' '), help], ...below.flatMap((map) => [...map])]);
}

const helps = await everyHelp();
const fileOf = (command: string) => `${['wheelgate', ...command.split(' ')].filter(Boolean).join('-')}.txt`;

if (UPDATE) {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
  for (const [command, help] of helps) writeFileSync(`${FOLDER}${fileOf(command)}`, help);
}

for (const [command, help] of helps) {
  test(`wheelgate ${command} --help`, () => {
    assert.equal(help, readFileSync(`${FOLDER}${fileOf(command)}`, 'utf8'));
  });
}

test('no golden help is left of a command that is gone', () => {
  assert.deepEqual(readdirSync(FOLDER).sort(), [...helps.keys()].map(fileOf).sort());
});

test('docs/cli.md lists every command, and no other', () => {
  const isGroup = (command: string) => [...helps.keys()].some((other) => other.startsWith(`${command} `));
  const commands = [...helps.keys()].filter((command) => command !== '' && !isGroup(command));
  const documented = readTable(readDocument('docs/cli.md'), ['Command', 'Does']);
  assert.deepEqual([...documented.keys()].sort(), commands.sort());
});
