// biome-ignore-all lint/suspicious/noTemplateCurlyInString: requirements files have variables of this form
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { newerPips } from '../../../test/builders/newer-pip.ts';
import { WheelgateError } from '../errors.ts';
import { classifyRequirement } from './classify-requirement.ts';
import type { FileSource } from './manifest.ts';
import { walkRequirements } from './walk-requirements.ts';

// Compares our reading of requirements files with pip's own, line by line, over files made of the pieces that matter.

const PIECES = [
  'six==1.16.0',
  'Flask_Login == 1.0',
  'celery[redis, pytest]==4.4.7',
  'django>=3,<4',
  'demo===1.0',
  'a==1.*',
  'banana==banana',
  'b==1.0; python_version < "3.8"',
  'x @ https://h/x-1.zip#sha256=aa',
  'git+https://h/r.git@main#egg=name',
  '-e',
  '-e git+https://h/r#egg=e',
  '--hash=sha256:aa',
  '--hash sha256:bb',
  '--hash=md5:cc',
  '--hash=sha256',
  '--hash="sha256:dd"',
  '-r inc.txt',
  '-rinc.txt',
  '--requirement=inc.txt',
  '-c con.txt',
  '--constraint con.txt',
  '-r missing.txt',
  '--requir inc.txt',
  '--require-hashes',
  '--pre',
  '--no-index',
  '-i https://h/s',
  '--index-url=https://h/s',
  '--extra-index-url https://u:p@h/s',
  '--trusted-host h',
  '--nonsense',
  '--no-binary :all:',
  '--only-binary=six',
  '# comment',
  ' # comment',
  '#sha256=aa',
  '\\',
  ' \\',
  '\\\\',
  '${FILLED}',
  '${EMPTY}',
  '${lower}',
  '$FILLED',
  "'quoted text'",
  '"',
  '\\"',
  ' ',
  '  ',
  '\t',
  ';',
  '@',
  '\u00a0',
  '\u2028',
  '\x0b',
  '\x1c',
  '--',
  '-',
  '-z',
  '-f',
  'https://h/y-1-py3-none-any.whl',
  'file:///x.zip',
] as const;
const ENDS = ['\n', '\r\n', '\r', '\\\n', ' \\\n', '\n\n', '\x0c'] as const;

const contents = fc
  .array(
    fc.tuple(
      fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 3 }),
      fc.constantFrom(...ENDS, '\n', '\n'),
    ),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((lines) => lines.map(([pieces, end]) => pieces.join(pieces.length > 2 ? '' : ' ') + end).join(''));

/** Whole files of the shapes that pip's own tests and its users' reports are about; the pieces above rarely meet in them. */
const SHAPES = [
  'SomeProject\nSomeProject == 1.3\nSomeProject >=1.2,<2.0\nSomeProject[foo, bar]\nSomeProject ~=1.4.2\n',
  "SomeProject == 5.4 ; python_version < '3.8'\nSomeProject; sys_platform == 'win32'\n",
  'a==1 ; python_version>"2" and (os_name=="nt" or os_name=="posix")   # why\n',
  `six==1.16.0 \\\n    --hash=sha256:${'a'.repeat(64)} \\\n    --hash=sha256:${'b'.repeat(64)}\n# c\nb==1\n`,
  `six==1.16.0 --hash=sha256:${'a'.repeat(64)} # one\n    --hash=sha256:${'b'.repeat(64)}\n`,
  'six==1.16.0 \\\n# a comment ends it\n--hash=sha256:aa\n',
  'six==1.16.0 \\\n\nb==1\n',
  'six==1.16.0\\',
  '\\\nsix==1.0\n',
  'line 1 \\\nline 2 \\\n',
  'pip @ https://github.com/pypa/pip/archive/1.3.1.zip#sha1=da9234ee9982d4bb\n',
  'req-a @ git+https://h/r.git@v1.0#egg=a&subdirectory=s ; python_version > "3"\n',
  './path/to/a-1.0-py3-none-any.whl\n../up.tar.gz\n/abs/x.zip\nfile:///x/y.zip\n',
  '-e git+https://h/r@1.0#egg=e[x]\n-e ./local[extra]\n--editable=./other\n',
  '-i https://h/simple\n--extra-index-url=https://h/other\n--find-links https://h/links\n--no-index\n',
  '--index-url https://h/s --extra-index-url https://h/t --trusted-host h\n',
  '--only-binary :all: --no-binary=six,b\n--prefer-binary\n--pre\n--require-hashes\n',
  'six==1.0 --config-settings "a=b" --config-settings=c=d\n',
  'six==1.0 -C a=b\n',
  '-r inc.txt  # comment\n-c con.txt\nsix\n',
  '-r "inc.txt"\n',
  "-r 'inc.txt' -c con.txt\n",
  '   six==1.0   \n\tb==2\t# x\n\n\n#\n# only\n',
  'six == 1.0 # a # b\nb==1#not-a-comment\n',
  'six==1.0\r\nb==2\rc==3\x0cd==4\x1ce==5\u2028f==6\n',
  '${FILLED}\n${FILLED}x\n$FILLED\n${EMPTY}six==1\n${lower}\n${FILLED}${FILLED}\n',
  '-i https://${FILLED}@h/simple\n-i https://h/${MISSING}/simple\n',
  'six[==1\n',
  'six==\n',
  '==1.0\n',
  'six=1.0\n',
  'six 1.0\n',
  'six<>1.0\n',
  'six===1.0.0+local.2\nsix==1!2.0.post1.dev3\nsix==v1.0\nsix==1.0-1\n',
  'six==1.*\nsix!=1.5.*,==1.6\n',
  'six (==1.0)\nsix(>=1,<2)\n',
  '--hash=sha256:aa\n',
  'six==1.0 --hash=sha256:aa --hash=sha256:aa\n',
  'six==1.0 --hash=sha999:aa\n',
  'six==1.0 --unknown\n',
  '--no-such-option\nsix==1.0\n',
  '-x\n',
  '"six==1.0"\n',
  "six==1.0 --hash='sha256:aa\n",
] as const;

const INCLUDED = { 'inc.txt': 'included==1.0\n-c con.txt\n', 'con.txt': 'limit==2.0 --hash=sha256:ee\n' };
const ENV = { FILLED: 'six==2.0', EMPTY: '' };

type Item = {
  readonly line: number;
  readonly requirement: string;
  readonly isEditable: boolean;
  readonly isConstraint: boolean;
  readonly hashes: readonly string[];
};
type Answer = {
  readonly items: readonly (Item & {
    readonly refused?: true;
    readonly name?: string | null;
    readonly pinned?: boolean;
  })[];
  readonly error?: string;
};

const source: FileSource = {
  read(path) {
    if (!existsSync(path)) throw new WheelgateError('INPUT_UNREADABLE', `${path} cannot be read`, '');
    return readFileSync(path);
  },
  list: () => undefined,
  resolve: (from, target) => resolve(dirname(from), target),
  variable: (name) => (ENV as Record<string, string>)[name],
};

/** What we read before the first line at which pip would stop. */
function ourItems(path: string): { items: readonly Item[]; stopped: boolean } {
  const items: Item[] = [];
  for (const item of walkRequirements(path, source)) {
    if (item.kind === 'error') return { items, stopped: true };
    if (item.kind !== 'requirement' && item.kind !== 'editable') continue;
    const { line = 0, requirement, isConstraint } = item;
    const hashes = item.kind === 'editable' ? [] : item.hashes;
    items.push({
      line,
      requirement: requirement.trim(),
      isEditable: item.kind === 'editable',
      isConstraint,
      hashes: [...new Set(hashes)].sort(),
    });
  }
  return { items, stopped: false };
}

for (const pip of [undefined, ...newerPips()]) {
  test(`reads requirements files as ${pip === undefined ? 'the pip of python3' : 'a newer pip'} does`, (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'wheelgate-requirements-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    for (const [name, content] of Object.entries(INCLUDED)) writeFileSync(join(folder, name), content);
    const paths = [...SHAPES, ...fc.sample(contents, { numRuns: 600, seed: 7 })].map((content, at) => {
      const path = join(folder, `${at}.txt`);
      writeFileSync(path, content);
      return path;
    });
    const run = spawnSync('python3', [fileURLToPath(new URL('pip-oracle.py', import.meta.url))], {
      input: JSON.stringify(paths),
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      cwd: folder,
      env: { ...process.env, ...ENV, ...(pip !== undefined && { PYTHONPATH: pip }) },
    });
    if (run.error !== undefined) return t.skip(`python3 does not start: ${run.error.message}`);
    if (/No module named 'pip'/.test(run.stderr)) return t.skip('python3 has no pip');
    assert.equal(run.status, 0, run.stderr);
    const answers = JSON.parse(run.stdout) as readonly Answer[];
    for (const [at, { items, error }] of answers.entries()) {
      const content = readFileSync(paths[at]!, 'utf8');
      // Options that the older pip does not know, also by their beginnings.
      if (pip === undefined && /--(?:a|only-f|no-r)/.test(content)) continue;
      const ours = ourItems(paths[at]!);
      const theirs = items.map(({ line, requirement, isEditable, isConstraint, hashes }, i) => {
        // `six==1.0 -e x`: newer pips take the requirement for the editable, and fail to install it; older ones drop the -e.
        const isBoth = isEditable && ours.items[i]?.isEditable === false && ours.items[i].requirement === requirement;
        return isBoth ? ours.items[i] : { line, requirement, isEditable, isConstraint, hashes };
      });
      assert.deepEqual(ours.items, theirs, JSON.stringify(content));
      assert.equal(ours.stopped, error !== undefined, `${JSON.stringify(content)}: ${error}`);
      // Before PEP 440 became the rule, "banana" was a version too.
      if (pip === undefined) continue;
      for (const item of items) if (!item.isEditable) compareMeaning(item);
    }
  });
}

/** The same requirement is a pin for both, or is refused by both. */
function compareMeaning({ requirement, refused, pinned }: Answer['items'][number]): void {
  let ours: 'pin' | 'other' | 'refused';
  try {
    ours = classifyRequirement(requirement).kind === 'pin' ? 'pin' : 'other';
  } catch {
    ours = 'refused';
  }
  const theirs = refused ? 'refused' : pinned ? 'pin' : 'other';
  // Of several clauses pip calls none a pin; a path or URL that leads nowhere it refuses earlier.
  if (requirement.includes(',')) return;
  if (ours !== theirs && !(ours === 'other' && theirs === 'refused' && /[/\\]|:/.test(requirement))) {
    assert.equal(ours, theirs, JSON.stringify(requirement));
  }
}
