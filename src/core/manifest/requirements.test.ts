// biome-ignore-all lint/suspicious/noTemplateCurlyInString: requirements files have variables of this form
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryFiles } from '../../../test/fakes/memory-files.ts';
import { readRequirements } from './requirements.ts';

function read(content: string | Uint8Array, more: Record<string, string> = {}, env: Record<string, string> = {}) {
  return readRequirements('r.txt', memoryFiles({ 'r.txt': content, ...more }, env), async () => {
    throw new Error('no other files here');
  });
}

/** `line project version`, `line reason requirement`, `line ! message` */
async function summary(content: string | Uint8Array, more: Record<string, string> = {}): Promise<readonly string[]> {
  const { pins, unaudited, errors } = await read(content, more);
  return [
    ...pins.map(({ line, project, version, group }) => `${line} ${project} ${version}${group ? ` (${group})` : ''}`),
    ...unaudited.map(({ line, reason, requirement }) => `${line} ${reason}: ${requirement}`),
    ...errors.map(({ line }) => `${line} error`),
  ];
}

for (const [why, content, expected] of [
  ['a pin', 'Flask_Login==1.0', ['1 flask-login 1.0']],
  ['extras and a comment', 'celery[redis, pytest]==4.4.7 # c', ['1 celery 4.4.7']],
  ['a hash sign inside a URL', 'x @ https://h/x-1.whl#sha256=aa', ['1 url: x @ https://h/x-1.whl#sha256=aa']],
  [
    'continuation lines: the first one counts',
    '# c\nsix==1.16.0 \\\n  --hash=sha256:aa\ndemo==1',
    ['2 six 1.16.0', '4 demo 1'],
  ],
  ['a continuation at the end of the file', 'six==1.0 \\', ['1 six 1.0']],
  ['a version range', 'pyjwt>=2.10.0', ['1 unpinned: pyjwt>=2.10.0']],
  ['a prefix', 'django==3.2.*', ['1 unpinned: django==3.2.*']],
  ['a pin beside a range', 'django>=3,==3.2', ['1 django 3.2']],
  ['a name alone', 'django', ['1 unpinned: django']],
  ['arbitrary equality', 'demo===1.0-foo', ['1 demo 1.0-foo']],
  ['a local version', 'torch==1.13.0+cpu', ['1 torch 1.13.0+cpu']],
  ['what is no version', 'django==banana\nsix==1.0', ['2 six 1.0', '1 error']],
  ['clauses that contradict each other', 'django==1,==2', ['1 error']],
  ['an unknown option', 'six==1.0\n--frobnicate', ['1 six 1.0', '2 error']],
  ['a weak hash', 'six==1.0 --hash=md5:aa', ['1 error']],
  ['an editable checkout', '-e ./sub', ['1 editable: -e ./sub']],
  ['a repository', 'git+https://h/r@main#egg=x', ['1 vcs: git+https://h/r@main#egg=x']],
  ['a bare wheel URL', 'https://h/x-1-py3-none-any.whl', ['1 url: https://h/x-1-py3-none-any.whl']],
  ['a path', './wheels/x-1-py3-none-any.whl', ['1 path: ./wheels/x-1-py3-none-any.whl']],
  ['a file without a folder', 'x-1-py3-none-any.whl', ['1 path: x-1-py3-none-any.whl']],
  ['settings alone', '--index-url https://h/simple\n--pre', []],
  ['an include by URL', '-r https://h/r.txt', ['1 include: -r https://h/r.txt']],
  ['an abbreviated option', '--requir https://h/r.txt', ['1 error']],
  ['an unambiguous abbreviation', '--requirem https://h/r.txt', ['1 include: --requirem https://h/r.txt']],
  ['a missing include', '-r none.txt\nsix==1', ['2 six 1', '1 error']],
  ['an include of itself', '-r r.txt\nsix==1', ['2 six 1', '1 error']],
] as const) {
  test(`reads ${why}`, async () => assert.deepEqual(await summary(content), expected));
}

test('reads every encoding that pip reads', async () => {
  const text = 'six==1.16.0\r\ndemo==2.0\r\n';
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
  const utf32 = Buffer.from([...`\ufeff${text}`].flatMap((c) => [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8, 0, 0]));
  for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`), utf16, Buffer.from(utf16).swap16(), utf32]) {
    assert.deepEqual(await summary(bytes), ['1 six 1.16.0', '2 demo 2.0']);
  }
  assert.deepEqual(await summary(Buffer.from('# coding: latin-1\nsix==1 # caf\xe9', 'latin1')), ['2 six 1']);
  const guessed = await read(Buffer.from('six==1 # caf\xe9', 'latin1'));
  assert.deepEqual(
    guessed.notes.map(({ code }) => code),
    ['encoding'],
  );
  assert.equal(guessed.pins.length, 1);
});

test('follows includes relative to the including file, and keeps constraints apart', async () => {
  const files = { 'sub/a.txt': 'flask==1.0\ndjango\njinja2\n-c ../c.txt', 'c.txt': 'django==4.0\nsix>1' };
  const { pins, unaudited } = await read('-r sub/a.txt', files);
  assert.deepEqual(
    pins.map(({ file, line, project, group }) => [file, line, project, group]),
    [
      ['sub/a.txt', 1, 'flask', undefined],
      ['c.txt', 1, 'django', 'constraint'],
    ],
  );
  assert.deepEqual(
    unaudited.map(({ requirement }) => requirement),
    ['jinja2'],
  );
});

test('leaves a hash after a comment line with nobody, as pip does, and says so', async () => {
  const { pins, notes } = await read('six==1.16.0 \\\n--hash=sha256:aa \\\n# why\n--hash=sha256:bb');
  assert.deepEqual(pins[0]!.hashes, ['sha256:aa']);
  assert.deepEqual(
    notes.map(({ code, line }) => [code, line]),
    [['stray-hash', 4]],
  );
});

test('expands variables for pip, and never shows their values or passwords', async () => {
  const env = { TOKEN: 'hunter2', VERSION: '1.5', EMPTY: '' };
  const content = [
    'six==${VERSION}',
    '--extra-index-url https://u:${TOKEN}@h/simple?key=${TOKEN}',
    'x @ https://me:${TOKEN}@h/x.zip',
    'y @ https://me:hunter2@h/y.zip',
    'z==${EMPTY}',
    'z==${lower}',
  ].join('\n');
  const result = await read(content, {}, env);
  assert.equal(result.pins[0]!.version, '1.5');
  assert.deepEqual(
    result.errors.map(({ line }) => line),
    [5, 6],
  );
  assert.doesNotMatch(JSON.stringify(result), /hunter2/);
});

for (const [code, content] of [
  ['extra-index', '--extra-index-url https://h/simple'],
  ['trusted-host', '--trusted-host h'],
  ['find-links', '-f https://h/links'],
  ['insecure-url', '-i http://h/simple'],
  ['vcs-without-commit', 'x @ git+https://h/r@main'],
  ['missing-hash', 'six==1 --hash=sha256:aa\ndemo==1'],
  ['duplicate-pin', 'six==1\nsix==2'],
] as const) {
  test(`notes ${code}`, async () =>
    assert.deepEqual(
      (await read(content)).notes.map((note) => note.code),
      [code],
    ));
}

test('notes nothing about what is pinned well', async () => {
  const commit = 'a'.repeat(40);
  const content = `x @ git+https://h/r@${commit}\nsix==1; python_version < "3.8"\nsix==2; python_version >= "3.8"`;
  assert.deepEqual((await read(content)).notes, []);
});
