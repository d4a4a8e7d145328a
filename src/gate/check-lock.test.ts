import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryFiles } from '../../test/fakes/memory-files.ts';
import type { GateFile, GateRelease } from '../core/lock/gate-release.ts';
import { requirementsDigest } from '../core/lock/lock-header.ts';
import { readDirectRequirements } from '../core/manifest/read-direct-requirements.ts';
import { readManifest } from '../core/manifest/read-manifest.ts';
import { checkLock, type LockToCheck } from './check-lock.ts';
import type { GateReader } from './ports.ts';

const [ALLOWED, HELD, BLOCKED, UNSEEN, REVOKED] = ['a', 'b', 'c', 'd', '9'].map((digit) => digit.repeat(64)) as [
  string,
  string,
  string,
  string,
  string,
];

const VERDICTS: Readonly<Record<string, Pick<GateFile, 'verdict' | 'reasons'>>> = {
  [ALLOWED]: { verdict: 'allow', reasons: [] },
  [HELD]: { verdict: 'hold', reasons: [{ rule: 'cooldown', effect: 'hold', message: 'uploaded 2 days ago' }] },
  [BLOCKED]: { verdict: 'block', reasons: [{ rule: 'denial', effect: 'block', message: 'denied here' }] },
  [REVOKED]: { verdict: 'block', reasons: [{ rule: 'revocation', effect: 'block', message: 'revoked here' }] },
  [UNSEEN]: {
    verdict: 'hold',
    reasons: [{ rule: 'evidence', effect: 'hold', message: 'not inspected yet', pending: true }],
  },
};

/** Every release but those of `nowhere` has one file of each verdict; `needy` needs `alpha>=2`. */
const gate: GateReader = {
  indexUrl: 'https://gate.example/simple/',
  reviewUrl: (project, version) => `https://gate.example/r/${project}/${version}`,
  async release(project): Promise<GateRelease> {
    const files = Object.entries(VERDICTS).map(([sha256, verdict], at): GateFile => {
      const filename = `${project}-1.0-${at}-py3-none-any.whl`;
      return {
        filename,
        path: `packages/${filename}`,
        sha256,
        size: 1,
        uploadTime: null,
        provenance: false,
        approval: null,
        ...verdict,
      };
    });
    return {
      state: project === 'nowhere' ? 'absent' : 'found',
      policyRevision: 'rev',
      advisoriesAsOf: null,
      files: project === 'nowhere' ? [] : files,
      requiresDist: project === 'needy' ? ['alpha>=2', 'only-windows; sys_platform == "win32"'] : [],
      offered: [],
    };
  },
};

async function check(text: string, over: Partial<LockToCheck> = {}) {
  const manifest = await readManifest('r.txt', memoryFiles({ 'r.txt': text }));
  return checkLock(gate, { file: 'r.txt', manifest, remarks: [], target: {}, isStrict: false, ...over });
}

const pin = (name: string, ...hashes: readonly string[]) =>
  `${name} ${hashes.map((hash) => `--hash=sha256:${hash}`).join(' ')}`;

for (const [why, text, expected] of [
  ['a file that the gate lets in', pin('alpha==1.0', ALLOWED), []],
  ['digests in capitals', pin('alpha==1.0', ALLOWED.toUpperCase()), []],
  ['one file of two is revoked', `\n${pin('alpha==1.0', ALLOWED, REVOKED)}`, ['2 revoked violation']],
  ['one file of two is blocked', `\n${pin('alpha==1.0', ALLOWED, BLOCKED)}`, ['2 blocked violation']],
  ['one file of two is held', pin('alpha==1.0', ALLOWED, HELD), ['1 held pending']],
  ['nobody met the release', pin('alpha==1.0', UNSEEN), ['1 not-inspected pending']],
  ['somebody met another file of it', pin('alpha==1.0', ALLOWED, UNSEEN), ['1 not-inspected note']],
  ['a digest of no file', pin('alpha==1.0', 'e'.repeat(64)), ['1 unknown-hash violation']],
  ['a digest that cannot be compared', 'alpha==1.0 --hash=sha512:00', ['1 unknown-hash violation']],
  ['no hash', 'alpha==1.0', ['1 missing-hash violation']],
  ['no such release', pin('nowhere==1.0', ALLOWED), ['1 absent violation']],
  ['a range', 'alpha>=1', ['1 not-locked violation']],
  [
    'a URL with a hash',
    pin('alpha @ https://h.example/alpha-1.0-py3-none-any.whl', ALLOWED),
    ['1 not-locked violation'],
  ],
  [
    'two versions of one project',
    `${pin('alpha==1.0', ALLOWED)}\n${pin('alpha==1.1', ALLOWED)}`,
    ['2 duplicate-pin violation'],
  ],
  [
    'two versions that markers tell apart',
    `${pin('alpha==1.0 ; python_version < "3.9"', ALLOWED)}\n${pin('alpha==1.1 ; python_version >= "3.9"', ALLOWED)}`,
    [],
  ],
  ['what a release needs is missing', pin('needy==1.0', ALLOWED), ['1 missing violation']],
  [
    'or locked in a version that it does not take',
    `${pin('alpha==1.0', ALLOWED)}\n${pin('needy==1.0', ALLOWED)}`,
    ['2 missing violation'],
  ],
] as const) {
  test(`--check: ${why}`, async () => {
    const { problems } = await check(text);
    assert.deepEqual(
      problems.map(({ line, code, effect }) => `${line} ${code} ${effect}`),
      expected,
    );
  });
}

test('pins that the target excludes are not asked about', async () => {
  const text = `${pin('alpha==1.0', ALLOWED)}\n${pin('nowhere==1.0 ; sys_platform == "win32"', ALLOWED)}`;
  assert.equal((await check(text)).problems.length, 1);
  const { problems, pins } = await check(text, { target: { sys_platform: 'linux' } });
  assert.deepEqual([problems, pins], [[], 1]);
});

test('with --strict a file that was not inspected counts', async () => {
  const { problems } = await check(pin('alpha==1.0', ALLOWED, UNSEEN), { isStrict: true });
  assert.deepEqual(
    problems.map(({ effect }) => effect),
    ['pending'],
  );
});

test('the input is compared with what was locked', async () => {
  const inputsOf = (text: string) =>
    readDirectRequirements(['r.in'], memoryFiles({ 'r.in': text }), { extras: [], groups: [] });
  const text = pin('alpha==1.0', ALLOWED);
  const header = { requirements: requirementsDigest(inputsOf('alpha')) };
  assert.deepEqual((await check(text, { origin: { header, inputs: inputsOf('# moved\nAlpha\n') } })).problems, []);
  const { problems } = await check(text, { origin: { header, inputs: inputsOf('alpha\nbeta>=1') } });
  assert.deepEqual(
    problems.map(({ file, line, code }) => `${file}:${line} ${code}`),
    ['r.in:2 missing', 'r.txt:1 input-changed'],
  );
});
