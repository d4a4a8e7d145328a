import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryFiles } from '../../test/fakes/memory-files.ts';
import type { GateFile, GateRelease } from '../core/lock/gate-release.ts';
import type { Resolution, ResolveRequest } from '../core/lock/resolution.ts';
import { readDirectRequirements } from '../core/manifest/read-direct-requirements.ts';
import { type ProjectName, parseProjectName } from '../core/python/name.ts';
import { type LockRequest, lockRequirements } from './lock-requirements.ts';
import type { GateReader } from './ports.ts';

const HEX = '0123456789abcdef';

function aFile(project: string, version: string, over: Partial<GateFile> = {}): GateFile {
  const filename = `${project}-${version}-py3-none-any.whl`;
  return {
    filename,
    path: `packages/aa/bb/${filename}`,
    sha256: HEX[filename.length % 16]!.repeat(64),
    size: 10,
    uploadTime: '2026-01-01T00:00:00.000Z',
    provenance: false,
    approval: null,
    verdict: 'allow',
    reasons: [],
    ...over,
  };
}

const held: Partial<GateFile> = {
  verdict: 'hold',
  reasons: [{ rule: 'cooldown', effect: 'hold', message: 'uploaded 2 days ago' }],
};
const blocked: Partial<GateFile> = {
  verdict: 'block',
  reasons: [{ rule: 'revocation', effect: 'block', message: 'revoked here as malicious' }],
};
const unseen: Partial<GateFile> = {
  verdict: 'hold',
  reasons: [{ rule: 'evidence', effect: 'hold', message: 'not inspected yet', pending: true }],
};

/** A gate that has these files, by `name==version`, newest first. */
function aGate(files: Readonly<Record<string, readonly GateFile[]>>): GateReader {
  const releaseOf = (project: ProjectName, version?: string): GateRelease => {
    const own = Object.entries(files).filter(([name]) => name.startsWith(`${project}==`));
    const offered = own.filter(([, list]) =>
      list.some(({ verdict, reasons }) => verdict === 'allow' || reasons[0]?.pending),
    );
    return {
      state: own.length === 0 ? 'absent' : 'found',
      policyRevision: 'rev',
      advisoriesAsOf: '2026-11-22T00:00:00.000Z',
      files: version === undefined ? own.flatMap(([, list]) => list) : (files[`${project}==${version}`] ?? []),
      requiresDist: null,
      offered: offered.map(([name]) => name.split('==')[1]!),
    };
  };
  return {
    indexUrl: 'https://gate.example/team/simple/',
    reviewUrl: (project, version) => `https://gate.example/team/r/${project}/${version}`,
    release: async (project, version) => releaseOf(project, version),
  };
}

function aRequest(text: string, over: Partial<LockRequest> = {}): LockRequest {
  return {
    inputs: readDirectRequirements(['r.in'], memoryFiles({ 'r.in': text }), { extras: [], groups: [] }),
    described: { command: 'wheelgate lock r.in', inputs: ['r.in'], extras: [], groups: [] },
    previous: [],
    upgrade: new Set(),
    thisPlatform: 'linux-x86_64',
    isUniversal: false,
    builds: false,
    leaveOut: false,
    ...over,
  };
}

function resolver(answer: readonly string[] | { readonly says: string }) {
  const asked: ResolveRequest[] = [];
  const pins = 'says' in answer ? [] : answer;
  return {
    asked,
    async resolve(request: ResolveRequest): Promise<Resolution> {
      asked.push(request);
      if ('says' in answer) return { kind: 'failed', resolver: 'pip', output: answer.says };
      return {
        kind: 'resolved',
        resolver: 'uv 0.13.9',
        python: '3.11',
        droppedPreferences: false,
        pins: pins.map((pin) => {
          const [name = '', version = ''] = pin.split('==');
          return { project: parseProjectName(name), version, via: [] };
        }),
      };
    },
  };
}

const pinOf = (text: string) => {
  const [name = '', version = ''] = text.split('==');
  return { project: parseProjectName(name), version, hashes: [], file: 'r.txt', line: 1 };
};

test('every file that the gate offers is locked, and no other', async () => {
  const gate = aGate({
    'alpha==1.0': [
      aFile('alpha', '1.0'),
      aFile('alpha', '1.0', { filename: 'alpha-1.0.tar.gz', path: 'packages/a b/alpha-1.0.tar.gz', ...unseen }),
      aFile('alpha', '1.0', { filename: 'alpha-1.0-cp311-none-any.whl', ...held }),
      aFile('alpha', '1.0', { filename: 'alpha-1.0-cp312-none-any.whl', sha256: null }),
    ],
  });
  const outcome = await lockRequirements(gate, resolver(['alpha==1.0']), aRequest('Alpha>=1'));
  assert.equal(outcome.kind, 'locked');
  const [release] = outcome.document.releases;
  assert.deepEqual(
    release?.files.map(({ filename, url }) => `${filename} ${url}`),
    [
      'alpha-1.0-py3-none-any.whl https://gate.example/team/packages/aa/bb/alpha-1.0-py3-none-any.whl',
      'alpha-1.0.tar.gz https://gate.example/team/packages/a%20b/alpha-1.0.tar.gz',
    ],
  );
  assert.deepEqual(release?.via, ['-r r.in']);
  assert.deepEqual(outcome.remarks, [
    'alpha 1.0: 1 of 3 files are inspected when they are first asked for',
    'alpha 1.0: 1 of 3 files have no digest upstream and are not locked',
  ]);
  const { advisories, policyRevision, platform, python } = outcome.document.header;
  assert.deepEqual([advisories, policyRevision, platform, python], ['2026-11-22', 'rev', 'linux-x86_64', '3.11']);
});

for (const [why, files, verdict] of [
  ['held', [aFile('alpha', '1.0', held)], 'hold'],
  ['held and blocked', [aFile('alpha', '1.0', held), aFile('alpha', '1.0', blocked)], 'block'],
  ['not listed at all', [], 'block'],
  ['without any digest', [aFile('alpha', '1.0', { sha256: null })], 'block'],
] as const) {
  test(`a release that is ${why} is never locked, whatever the resolver chose`, async () => {
    const gate = aGate({ 'alpha==1.0': files, 'beta==1.0': [aFile('beta', '1.0')] });
    const outcome = await lockRequirements(gate, resolver(['alpha==1.0', 'beta==1.0']), aRequest('\nalpha'));
    assert.equal(outcome.kind, 'withheld');
    assert.deepEqual(
      outcome.withheld.map((one) => [one.project, one.verdict, one.requiredBy?.line, one.reviewUrl]),
      [['alpha', verdict, 2, 'https://gate.example/team/r/alpha/1.0']],
    );
  });
}

test('pins are kept but those that may move, and those that the gate withholds by now', async () => {
  const gate = aGate({
    'alpha==1.0': [aFile('alpha', '1.0')],
    'beta==1.0': [aFile('beta', '1.0')],
    'gamma==1.0': [aFile('gamma', '1.0', blocked)],
  });
  const tool = resolver(['alpha==1.0']);
  const previous = ['alpha==1.0', 'beta==1.0', 'gamma==1.0', 'delta==1.0', 'epsilon==banana'].map(pinOf);
  const outcome = await lockRequirements(
    gate,
    tool,
    aRequest('alpha', { previous, upgrade: new Set([parseProjectName('beta')]) }),
  );
  assert.deepEqual(tool.asked[0]?.preferences, ['alpha==1.0']);
  assert.equal(outcome.kind, 'locked');
  assert.deepEqual(outcome.remarks, [
    'gamma 1.0 was locked and is blocked now: revoked here as malicious',
    'delta 1.0 was locked and is blocked now: the gate lists no file of it',
  ]);
  await lockRequirements(gate, tool, aRequest('alpha', { previous, upgrade: 'all' }));
  assert.deepEqual(tool.asked[1]?.preferences, []);
});

test('a newer release that is withheld is told', async () => {
  const gate = aGate({
    'alpha==2.0': [aFile('alpha', '2.0', held)],
    'alpha==1.0': [aFile('alpha', '1.0')],
  });
  const outcome = await lockRequirements(gate, resolver(['alpha==1.0']), aRequest('alpha'));
  assert.equal(outcome.kind, 'locked');
  assert.deepEqual(outcome.remarks, ['alpha 2.0 is held: uploaded 2 days ago; https://gate.example/team/r/alpha/2.0']);
  const limited = await lockRequirements(gate, resolver(['alpha==1.0']), aRequest('alpha<2'));
  assert.deepEqual(limited.kind === 'locked' && limited.remarks, []);
});

test('when nothing fits together, what the gate withholds is found: asked for, linked or named by the resolver', async () => {
  const gate = aGate({
    'alpha==2.0': [aFile('alpha', '2.0', held)],
    'alpha==1.0': [aFile('alpha', '1.0')],
    'beta==3.0': [aFile('beta', '3.0', blocked)],
    'beta==2.0': [aFile('beta', '2.0')],
    'gamma==1.5': [aFile('gamma', '1.5', held)],
    'delta==1.0': [aFile('delta', '1.0', { filename: 'delta-1.0.tar.gz' })],
  });
  const says = [
    'ERROR: Could not find a version that satisfies the requirement beta>=3 (from versions: 2.0)',
    'Because gamma==1.5 failed: 403 held; https://gate.example/team/r/gamma/1.5 for url: …',
  ].join('\n');
  const outcome = await lockRequirements(gate, resolver({ says }), aRequest('alpha>=2\ndelta\nnowhere'));
  assert.equal(outcome.kind, 'unresolved');
  assert.deepEqual(outcome.missing.withheld.map((one) => `${one.project} ${one.version} ${one.verdict}`).sort(), [
    'alpha 2.0 hold',
    'beta 3.0 block',
    'gamma 1.5 hold',
  ]);
  assert.deepEqual(outcome.missing.sourceOnly, ['delta']);
  assert.deepEqual(outcome.missing.absent, ['nowhere']);
});

test('nothing is asked of a resolver for input that cannot be locked', async () => {
  const gate = aGate({});
  const tool = resolver([]);
  for (const [text, kind] of [
    ['alpha==banana', 'unreadable'],
    ['alpha\n-e .', 'unreadable'],
    ['# nothing', 'nothing'],
  ] as const) {
    assert.equal((await lockRequirements(gate, tool, aRequest(text))).kind, kind, text);
  }
  assert.deepEqual(tool.asked, []);
  const rest = await lockRequirements(
    aGate({ 'alpha==1.0': [aFile('alpha', '1.0')] }),
    resolver(['alpha==1.0']),
    aRequest('alpha\n-e .', { leaveOut: true }),
  );
  assert.deepEqual(rest.kind === 'locked' && rest.document.header.leftOut, ['-e . (editable)']);
});
