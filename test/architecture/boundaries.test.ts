import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { cruise, type ICruiseOptions, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';

// A rule that matches nothing looks like a rule that is obeyed: each one is broken here on purpose.

type Configuration = { readonly forbidden: readonly IForbiddenRuleType[]; readonly options: ICruiseOptions };
const configurationPath: string = '../../.dependency-cruiser.mjs';
const { forbidden, options } = ((await import(configurationPath)) as { default: Configuration }).default;

/** Rule, the file that breaks it, what that file imports. */
const VIOLATIONS = [
  ['core-imports', 'src/core/a.ts', 'src/gate/flow.ts'],
  ['gate-imports', 'src/gate/b.ts', 'src/io/store/tables.ts'],
  ['io-imports', 'src/io/store/c.ts', 'src/gate/flow.ts'],
  ['api-imports', 'src/api/d.ts', 'src/gate/flow.ts'],
  ['server-imports', 'src/server/e.ts', 'src/io/store/tables.ts'],
  ['cli-imports', 'src/cli/f.ts', 'src/gate/flow.ts'],
  ['io-folders-are-apart', 'src/io/feeds/g.ts', 'src/io/store/tables.ts'],
  ['app-is-the-root', 'src/config.ts', 'src/app/serve.ts'],
  ['core-touches-no-world', 'src/core/h.ts', 'node:fs'],
  ['outbound-http-only-in-io', 'src/gate/i.ts', 'undici'],
  ['identity-providers-only-in-io', 'src/gate/i2.ts', 'jose'],
  ['sql-only-in-store', 'src/app/j.ts', 'kysely'],
  ['processes-only-in-sandbox-and-demo', 'src/app/k.ts', 'node:child_process'],
  ['no-cycles', 'src/core/l.ts', 'src/core/m.ts'],
  ['no-test-code-in-production', 'src/core/n.ts', 'src/core/o.test.ts'],
  ['resolvable', 'src/core/p.ts', 'src/core/nowhere.ts'],
] as const;

/** What the rules are there to leave alone. */
const LAWFUL = [
  ['src/gate/flow.ts', 'src/core/free.ts'],
  ['src/io/store/tables.ts', 'kysely'],
  ['src/io/store/q.ts', 'src/gate/ports.ts'],
  ['src/io/upstream/r.ts', 'undici'],
  ['src/io/identity/r2.ts', 'jose'],
  ['src/io/identity/r3.ts', 'undici'],
  ['src/io/sandbox/s.ts', 'node:child_process'],
  ['src/server/t.ts', 'src/gate/flow.ts'],
  ['src/cli/u.ts', 'src/api/free.ts'],
  ['src/app/serve.ts', 'src/io/store/tables.ts'],
  ['src/main.ts', 'src/app/serve.ts'],
  ['src/core/v.ts', 'node:crypto'],
  ['src/core/w.test.ts', 'node:fs'],
] as const;

let folder: string;
let found: readonly string[];

/** Writes a tree with one file per import, and stubs of what else is imported. */
async function writeTree(): Promise<void> {
  const files = new Map<string, string>([
    ['tsconfig.json', '{"compilerOptions":{"module":"nodenext","allowImportingTsExtensions":true,"noEmit":true}}'],
    ['src/core/free.ts', 'export {};\n'],
    ['src/core/m.ts', "import './l.ts';\n"],
    ['src/core/o.test.ts', 'export {};\n'],
    ['src/api/free.ts', 'export {};\n'],
    ['src/gate/ports.ts', 'export {};\n'],
    ...['undici', 'kysely', 'jose'].flatMap((name): [string, string][] => [
      [`node_modules/${name}/package.json`, `{"name":"${name}","version":"1.0.0","main":"index.js"}`],
      [`node_modules/${name}/index.js`, 'module.exports = {};\n'],
    ]),
    ['package.json', '{"type":"module","dependencies":{"undici":"1.0.0","kysely":"1.0.0"}}'],
  ]);
  for (const [from, to] of [...VIOLATIONS.map(([, from, to]) => [from, to] as const), ...LAWFUL]) {
    const up = '../'.repeat(from.split('/').length - 1);
    files.set(from, `import '${to.startsWith('src/') ? `${up}${to}` : to}';\n`);
  }
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheelgate-boundaries-'));
  await writeTree();
  const { tsConfig: _, ...rest } = options;
  const result = await cruise(['src'], {
    ...rest,
    baseDir: folder,
    validate: true,
    ruleSet: { forbidden: [...forbidden] },
  });
  const { summary } = result.output as ICruiseResult;
  found = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
});
after(() => rm(folder, { recursive: true, force: true }));

for (const [rule, from, to] of VIOLATIONS) {
  test(`${rule} sees ${from} import ${to}`, () => {
    const target = to.replace(/^node:/, '');
    assert.ok(
      found.some((one) => one.startsWith(`${rule}: ${from} -> `) && one.includes(target.split('/').at(-1)!)),
      found.join('\n'),
    );
  });
}

test('the rules leave lawful imports alone', () => {
  const files: readonly string[] = LAWFUL.map(([from]) => from);
  assert.deepEqual(
    found.filter((one) => files.includes(one.slice(one.indexOf(': ') + 2, one.indexOf(' -> ')))),
    [],
  );
});

test('every rule is broken here once', () => {
  assert.deepEqual(new Set(VIOLATIONS.map(([rule]) => rule)), new Set(forbidden.map(({ name }) => name)));
});
