import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPipReport } from './pip-report.ts';
import { readUvCompiled } from './uv-compiled.ts';

test('what uv compiles: pins, markers, who asks', () => {
  const text = [
    'blinker==1.9.0            # via flask',
    'charset-normalizer==3.5.2  # via requests, -r /tmp/wheelgate-lock-x/requirements.in',
    'Jinja2[i18n]==3.01',
    "colorama==0.4.6 ; sys_platform == 'win32'  # via click",
    'torch==2.0.1+cu118        # via -c constraints.txt, app',
    '',
  ].join('\r\n');
  assert.deepEqual(readUvCompiled(text), [
    { project: 'blinker', version: '1.9.0', via: ['flask'] },
    { project: 'charset-normalizer', version: '3.5.2', via: ['requests'] },
    { project: 'jinja2', version: '3.1', via: [] },
    { project: 'colorama', version: '0.4.6', marker: "sys_platform == 'win32'", via: ['click'] },
    { project: 'torch', version: '2.0.1+cu118', via: ['app'] },
  ]);
});

for (const [why, line] of [
  ['a range', 'alpha>=1'],
  ['a direct reference', 'alpha @ https://elsewhere.example/alpha.whl'],
  ['an option', '--index-url https://elsewhere.example/'],
  ['an editable', '-e file:///home/me'],
  ['hashes, which it was not asked for', 'alpha==1.0 --hash=sha256:00'],
] as const) {
  test(`uv may not write ${why}`, () => {
    assert.throws(() => readUvCompiled(`beta==1.0\n${line}\n`), { code: 'RESOLUTION_FAILED' });
  });
}

const ENVIRONMENT = { python_full_version: '3.11.7', python_version: '3.11', sys_platform: 'linux' };

function aReport(...install: readonly object[]): string {
  return JSON.stringify({ version: '1', pip_version: '26.3', install, environment: ENVIRONMENT });
}

test("pip's report: who asks for what, through extras and markers", () => {
  const report = aReport(
    {
      requested: true,
      requested_extras: ['All'],
      metadata: {
        name: 'App',
        version: '1.0',
        requires_dist: ['beta[fast] ; extra == "all"', 'gamma ; sys_platform == "win32"', 'app[all] ; extra == "dev"'],
      },
    },
    { metadata: { name: 'beta', version: '01.2', requires_dist: ['gamma ; extra == "fast"', 'not a requirement !'] } },
    { metadata: { name: 'gamma', version: '3' } },
  );
  assert.deepEqual(readPipReport(report), {
    pins: [
      { project: 'app', version: '1.0', via: [] },
      { project: 'beta', version: '1.2', via: ['app'] },
      { project: 'gamma', version: '3', via: ['beta'] },
    ],
    pip: '26.3',
    python: '3.11.7',
  });
});

for (const [why, text] of [
  ['no JSON', 'WARNING: something'],
  ['another version', JSON.stringify({ version: '2', install: [] })],
  ['an entry without a name', aReport({ metadata: { version: '1' } })],
] as const) {
  test(`a report that is ${why} is refused`, () => {
    assert.throws(() => readPipReport(text), { code: 'RESOLUTION_FAILED' });
  });
}
