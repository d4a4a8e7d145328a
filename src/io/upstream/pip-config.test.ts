import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Environment, findPipIndexes } from './pip-config.ts';

type Files = Readonly<Record<string, string>>;

function find(files: Files, env: Environment = {}, platform: NodeJS.Platform = 'linux') {
  return findPipIndexes({ HOME: '/home/me', ...env }, (path) => files[path], platform);
}

const url = (name: string) => `https://${name}.example.org/simple`;
const indexUrl = (name: string) => `[global]\nindex-url = ${url(name)}\n`;

/** The settings in force as `kind location`. */
function places(files: Files, env?: Environment, platform?: NodeJS.Platform): string[] {
  return find(files, env, platform).indexes.map(({ kind, location }) => `${kind} ${location}`);
}

test('without any configuration pip asks PyPI alone', () => {
  assert.deepEqual(find({}), { indexes: [], usesDefaultIndex: true });
});

test('lists every place in the order in which pip looks, and says where it is set', () => {
  const files = {
    '/etc/pip.conf': `[global]\nindex-url = ${url('a')}\nextra-index-url =\n  ${url('b')}\n  ${url('c')}\n[install]\nfind-links = /srv/wheels ~/wheels`,
  };
  assert.deepEqual(find(files), {
    usesDefaultIndex: false,
    indexes: [
      { location: url('a'), kind: 'index', why: 'index-url in /etc/pip.conf' },
      { location: url('b'), kind: 'index', why: 'extra-index-url in /etc/pip.conf' },
      { location: url('c'), kind: 'index', why: 'extra-index-url in /etc/pip.conf' },
      { location: '/srv/wheels', kind: 'find-links', why: 'find-links in /etc/pip.conf' },
      { location: '/home/me/wheels', kind: 'find-links', why: 'find-links in /etc/pip.conf' },
    ],
  });
});

const ALL: readonly string[] = [
  '/etc/xdg/pip/pip.conf',
  '/etc/pip.conf',
  '/home/me/.pip/pip.conf',
  '/home/me/.config/pip/pip.conf',
  '/venv/pip.conf',
];
for (const [index, path] of ALL.entries()) {
  test(`${path} wins over what is more general`, () => {
    const files = Object.fromEntries(ALL.slice(0, index + 1).map((each, number) => [each, indexUrl(`n${number}`)]));
    assert.deepEqual(places(files, { VIRTUAL_ENV: '/venv' }), [`index ${url(`n${index}`)}`]);
  });
}

for (const [why, files, env, expected] of [
  [
    'a variable wins over files',
    { '/etc/pip.conf': indexUrl('file') },
    { PIP_INDEX_URL: url('env') },
    [`index ${url('env')}`],
  ],
  ['an empty variable is none', { '/etc/pip.conf': indexUrl('file') }, { PIP_INDEX_URL: '' }, [`index ${url('file')}`]],
  [
    'a list replaces the list of lower precedence',
    { '/etc/pip.conf': '[global]\nfind-links = /a /b\n' },
    { PIP_FIND_LINKS: '/c' },
    ['find-links /c'],
  ],
  [
    'the section of the command wins over the general one, whatever the file',
    {
      '/etc/pip.conf': `[install]\nindex-url = ${url('install')}\n`,
      '/home/me/.config/pip/pip.conf': indexUrl('global'),
    },
    {},
    [`index ${url('install')}`],
  ],
  ['other commands do not count', { '/etc/pip.conf': `[download]\nindex-url = ${url('a')}\n` }, {}, []],
  ['underscores are dashes', { '/etc/pip.conf': `[global]\nindex_url = ${url('a')}\n` }, {}, [`index ${url('a')}`]],
  [
    'a named file wins over all files',
    { '/etc/pip.conf': indexUrl('etc'), '/named': indexUrl('named') },
    { PIP_CONFIG_FILE: '/named' },
    [`index ${url('named')}`],
  ],
  [
    'a named file stands in for those of the user',
    { '/home/me/.config/pip/pip.conf': '[global]\nfind-links = /user\n', '/named': indexUrl('named') },
    { PIP_CONFIG_FILE: '/named' },
    [`index ${url('named')}`],
  ],
  [
    'a named file that is not there does not',
    { '/home/me/.config/pip/pip.conf': indexUrl('user') },
    { PIP_CONFIG_FILE: '/named' },
    [`index ${url('user')}`],
  ],
  [
    '/dev/null turns off every file',
    { '/etc/pip.conf': indexUrl('etc') },
    { PIP_CONFIG_FILE: '/dev/null', PIP_FIND_LINKS: '/w' },
    ['find-links /w'],
  ],
  ['XDG folders count', { '/x/pip/pip.conf': indexUrl('x') }, { XDG_CONFIG_DIRS: '/y:/x' }, [`index ${url('x')}`]],
  ['XDG home counts', { '/x/pip/pip.conf': indexUrl('x') }, { XDG_CONFIG_HOME: '/x' }, [`index ${url('x')}`]],
] as const satisfies readonly (readonly [string, Files, Environment, readonly string[]])[]) {
  test(why, () => assert.deepEqual(places(files, env), expected));
}

test('no-index leaves find-links only', () => {
  const { indexes, usesDefaultIndex } = find(
    {},
    { PIP_NO_INDEX: 'yes', PIP_INDEX_URL: url('a'), PIP_FIND_LINKS: '/w' },
  );
  assert.deepEqual([indexes.map(({ location }) => location), usesDefaultIndex], [['/w'], false]);
});

test('no-index = false is none', () => {
  assert.equal(find({}, { PIP_NO_INDEX: 'false' }).usesDefaultIndex, true);
});

test('an extra index alone leaves PyPI in use', () => {
  assert.equal(find({}, { PIP_EXTRA_INDEX_URL: url('a') }).usesDefaultIndex, true);
});

test('certificates and proxy are found', () => {
  const { caFile, proxy } = find({ '/etc/pip.conf': '[global]\ncert = ~/ca.pem\nproxy = http://proxy:3128\n' });
  assert.deepEqual([caFile, proxy], ['/home/me/ca.pem', 'http://proxy:3128']);
});

test('a file that pip cannot read is an error: silence would mean PyPI', () => {
  assert.throws(() => find({ '/etc/pip.conf': 'index-url = x' }), {
    code: 'CONFIG_INVALID',
    message: /^\/etc\/pip\.conf, line 1/,
  });
});

test('knows the places of macOS', () => {
  const own = '/home/me/Library/Application Support/pip/pip.conf';
  assert.deepEqual(places({ '/Library/Application Support/pip/pip.conf': indexUrl('a') }, {}, 'darwin'), [
    `index ${url('a')}`,
  ]);
  assert.deepEqual(places({ [own]: indexUrl('b'), '/home/me/.config/pip/pip.conf': indexUrl('c') }, {}, 'darwin'), [
    `index ${url('b')}`,
  ]);
  assert.deepEqual(places({ '/home/me/.config/pip/pip.conf': indexUrl('c') }, {}, 'darwin'), [`index ${url('c')}`]);
});

test('knows the places of Windows', () => {
  const env = {
    HOME: undefined,
    USERPROFILE: 'C:\\Users\\me',
    APPDATA: 'C:\\Users\\me\\AppData\\Roaming',
    VIRTUAL_ENV: 'D:\\venv',
  };
  for (const path of [
    'C:\\ProgramData\\pip\\pip.ini',
    'C:\\Users\\me\\pip\\pip.ini',
    'C:\\Users\\me\\AppData\\Roaming\\pip\\pip.ini',
    'D:\\venv\\pip.ini',
  ]) {
    assert.deepEqual(places({ [path]: indexUrl('a') }, env, 'win32'), [`index ${url('a')}`], path);
  }
  assert.deepEqual(places({ 'D:\\venv\\pip.ini': indexUrl('a') }, { ...env, PIP_CONFIG_FILE: 'nul' }, 'win32'), []);
});
