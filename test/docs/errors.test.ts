import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runCli } from '../../src/cli/main.ts';
import type { Program } from '../../src/cli/program.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { type ErrorCode, WheelgateError } from '../../src/core/errors.ts';
import { problemOf } from '../../src/server/error-response.ts';
import { ROOT, readDocument, readTable } from './markdown.ts';

const documented = readTable(readDocument('docs/errors.md'), ['Code', 'HTTP', 'Exit', 'Cause', 'Remedy']);
const source = readFileSync(`${ROOT}src/core/errors.ts`, 'utf8');
const codes = [...source.matchAll(/^ {2}\| '([A-Z_]+)'/gm)].map(([, code]) => code as ErrorCode);

const silent: Terminal = { out() {}, err() {}, errIsTty: false, outIsTty: false, isInteractive: false };

/** The exit code of a command that fails with this error. */
function exitCodeOf(error: WheelgateError): Promise<number> {
  const program = { doctor: () => Promise.reject(error) } as unknown as Program;
  return runCli(['doctor'], program, silent, '0');
}

test('docs/errors.md has every error code in order, and no other', () => {
  assert.ok(codes.length > 10);
  assert.deepEqual([...documented.keys()], codes);
});

for (const code of codes) {
  test(`docs/errors.md says what ${code} becomes`, async () => {
    const [http, exit, cause, remedy] = documented.get(code) ?? [];
    const error = new WheelgateError(code, 'what', 'help');
    assert.deepEqual([http, exit], [String(problemOf(error).status), String(await exitCodeOf(error))]);
    assert.ok(cause && remedy);
  });
}
