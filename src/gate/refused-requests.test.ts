import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aGate } from '../../test/builders/a-gate.ts';
import { aWheel, aWheelName } from '../../test/builders/a-wheel.ts';
import { aFact, daysAgo, NOW } from '../../test/builders/an-evidence.ts';
import { createMemoryStore } from '../../test/fakes/memory-store.ts';
import { createChangeReview } from './change-review.ts';
import type { DecidedFile } from './decide-project.ts';
import { createRefusedRequests } from './refused-requests.ts';

const PLATFORMS = ['win_amd64', 'linux_x86_64', 'macosx_11_0_arm64'];
const nameOf = (platform: string) => aWheelName().replace('any.whl', `${platform}.whl`);

/** Refusals of a strict gate's files, over a store of its own. `files` are those of the one release there is. */
async function refusals(policy = 'preset = "strict"') {
  const gate = await aGate({ policy });
  for (const platform of PLATFORMS)
    gate.upstream.addFile('demo', nameOf(platform), aWheel({ files: { 'x.py': platform } }), {
      uploadTime: daysAgo(100),
    });
  const decided = await gate.decideProject('demo');
  assert.ok(typeof decided === 'object');
  const { files } = decided;
  const store = createMemoryStore();
  const saved: string[] = [];
  const prepared: string[] = [];
  const errors: unknown[] = [];
  const reviews: typeof store.reviews = {
    ...store.reviews,
    save: async (change) => {
      await store.reviews.save(change);
      saved.push(change.review.id);
    },
  };
  const running = { now: 0, most: 0 };
  const { note, flush } = createRefusedRequests({
    changes: createChangeReview({ reviews, clock: () => NOW }),
    prepare: async ({ file }) => {
      running.most = Math.max(running.most, ++running.now);
      prepared.push(file.filename);
      await new Promise(setImmediate);
      running.now--;
      throw new Error('whoever decides is told');
    },
    clock: () => NOW,
    onError: (error) => errors.push(error),
  });
  return {
    files: files as readonly [DecidedFile, DecidedFile, DecidedFile],
    refuse: (name: string, ...all: readonly DecidedFile[]) => {
      for (const file of all) note(gate.index, { name }, file);
    },
    flush,
    reviews,
    saved,
    prepared,
    running,
    errors,
    all: () => store.reviews.list({ limit: 10 }),
  };
}

const withVerdict = (file: DecidedFile, verdict: DecidedFile['verdict']): DecidedFile => ({ ...file, verdict });

test('however many ask for however many files of a release, there is one review, and one write for each who asked', async () => {
  const { files, refuse, flush, saved, all, errors } = await refusals();
  refuse('user:ana', ...files);
  refuse('user:ana', files[0]);
  refuse('user:ben', files[0]);
  assert.equal(saved.length, 0, 'a refusal does not wait for it');
  await flush();
  const [review, ...others] = await all();
  assert.equal(others.length, 0);
  assert.deepEqual(
    [review?.requesters.map(({ name }) => name), review?.files.map(({ filename }) => filename).sort(), saved.length],
    [['user:ana', 'user:ben'], PLATFORMS.map(nameOf).sort(), 2],
  );
  assert.deepEqual(errors, []);
});

test('the same refusal of the same person is written once for a while; another verdict is news', async () => {
  const { files, refuse, flush, saved } = await refusals();
  refuse('user:ana', files[0]);
  await flush();
  for (let count = 0; count < 5; count++) refuse('user:ana', files[0]);
  await flush();
  assert.equal(saved.length, 1);
  refuse(
    'user:ana',
    withVerdict(files[0], { kind: 'hold', reasons: [{ rule: 'yanked', effect: 'hold', message: 'y' }] }),
  );
  await flush();
  refuse('user:ben', files[0]);
  await flush();
  assert.equal(saved.length, 3);
});

test('files that were not read are read ahead, two at once, and what fails there is nobody’s error', async () => {
  const { files, refuse, flush, prepared, running, errors } = await refusals();
  refuse('user:ana', ...files);
  await flush();
  assert.equal(prepared.length, 2);
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  assert.deepEqual([running.now, running.most, errors], [0, 2, []]);
});

for (const [why, change] of [
  [
    'the kill switch refused it',
    (file: DecidedFile) =>
      withVerdict(file, { kind: 'block', reasons: [{ rule: 'kill-switch', effect: 'block', message: 'stopped' }] }),
  ],
  [
    'people denied it',
    (file: DecidedFile) => ({
      ...file,
      evidence: { ...file.evidence, facts: [aFact({ kind: 'denial', sha256: file.evidence.file.sha256! })] },
    }),
  ],
  [
    'people revoked it',
    (file: DecidedFile) => ({
      ...file,
      evidence: { ...file.evidence, facts: [aFact({ kind: 'revocation', sha256: file.evidence.file.sha256! })] },
    }),
  ],
  [
    'it is known malware, which no approval opens',
    (file: DecidedFile) => ({
      ...file,
      evidence: {
        ...file.evidence,
        advisories: {
          ...file.evidence.advisories,
          matches: [
            {
              id: 'MAL-1',
              aliases: [],
              kind: 'malware' as const,
              matchedBy: 'listed' as const,
              confidence: 'high' as const,
              fixed: [],
              open: true,
            },
          ],
        },
      },
    }),
  ],
  [
    'its name has no version that a review could be about',
    (file: DecidedFile) => {
      const { rawVersion: _, ...rest } = file.evidence.file;
      return { ...file, evidence: { ...file.evidence, file: rest } };
    },
  ],
] as const) {
  test(`opens no review: ${why}`, async () => {
    const { files, refuse, flush, all, prepared } = await refusals();
    refuse('user:ana', change(files[0]));
    await flush();
    assert.deepEqual([await all(), prepared], [[], []]);
  });
}

test('a review that is there learns of a refusal that would open none', async () => {
  const { files, refuse, flush, all } = await refusals();
  refuse('user:ana', files[0]);
  await flush();
  const denial = aFact({ kind: 'denial', sha256: files[1].evidence.file.sha256! });
  refuse('user:ben', { ...files[1], evidence: { ...files[1].evidence, facts: [denial] } });
  await flush();
  const [review] = await all();
  assert.deepEqual(
    review?.requesters.map(({ name }) => name),
    ['user:ana', 'user:ben'],
  );
});

test('what could not be written is told, does not keep the rest, and the next refusal tries again', async () => {
  const { files, refuse, flush, reviews, all, errors } = await refusals();
  const { findByRelease } = reviews;
  Object.assign(reviews, { findByRelease: () => Promise.reject(new Error('disk full')) });
  refuse('user:ana', files[0]);
  await flush();
  assert.equal(errors.length, 1);
  Object.assign(reviews, { findByRelease });
  refuse('user:ana', files[0]);
  await flush();
  assert.equal((await all()).length, 1);
});
