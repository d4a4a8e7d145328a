import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Reason, Verdict } from '../policy/verdict.ts';
import { parseFilenameFor } from '../python/filename.ts';
import { parseProjectName } from '../python/name.ts';
import { parseSha256 } from '../sha256.ts';
import { type FileDecision, filterPage } from './filter.ts';
import type { IndexFile } from './page.ts';

const demo = parseProjectName('demo');
const page = { project: demo, status: 'active' as const };
const NOTICE = 'held by Wheelgate: 2 days old; http://gate/r/1';

const reason = (effect: Reason['effect'], over: Partial<Reason> = {}): Reason => ({
  rule: 'cooldown',
  effect,
  message: 'm',
  ...over,
});
const VERDICTS = {
  allow: { kind: 'allow', reasons: [reason('note')] },
  pending: { kind: 'hold', reasons: [reason('hold', { rule: 'evidence', pending: true })] },
  hold: { kind: 'hold', reasons: [reason('hold')] },
  block: { kind: 'block', reasons: [reason('block')] },
  revoked: { kind: 'block', reasons: [reason('block', { rule: 'revocation' })] },
} satisfies Record<string, Verdict>;
type Word = keyof typeof VERDICTS;

function decided(
  filename: string,
  word: Word,
  over: Partial<IndexFile> & { metadata?: FileDecision['metadata'] } = {},
): FileDecision {
  const { metadata, ...file } = over;
  return {
    file: { filename, url: `https://files.example.org/${filename}`, ...file },
    name: parseFilenameFor(demo, filename),
    path: `packages/${filename}`,
    verdict: VERDICTS[word],
    notice: NOTICE,
    ...(metadata !== undefined && { metadata }),
  };
}

/** `1.0 allow` … → `1.0`, `2.0 yanked` for what is listed. */
function shown(decisions: readonly FileDecision[], style: 'yank' | 'hide' = 'yank'): string[] {
  return filterPage(page, decisions, style).files.map(
    ({ filename, yanked }) =>
      `${filename.split('-')[1]}${yanked === undefined ? '' : yanked === NOTICE ? ' withheld' : ' yanked'}`,
  );
}

const wheel = (version: string, word: Word, over: Parameters<typeof decided>[2] = {}) =>
  decided(`demo-${version}-py3-none-any.whl`, word, over);

const day = (days: number) => new Date(Date.UTC(2026, 0, 1) + days * 86_400_000);
/** Of release 1, for a Python that the plain wheel does not know, so that this alone does not hide it. */
const late = (word: Word, days: number) => decided(`demo-1-cp27-none-any.whl`, word, { uploadTime: day(days) });

for (const [why, decisions, expected] of [
  ['an allowed file is listed plainly', [wheel('1', 'allow')], ['1']],
  ['a held file is yanked beside an allowed one', [wheel('1', 'allow'), wheel('2', 'hold')], ['1', '2 withheld']],
  ['a blocked file too', [wheel('1', 'allow'), wheel('2', 'block')], ['1', '2 withheld']],
  [
    'a file that is not looked at yet counts as a way out',
    [wheel('1', 'pending'), wheel('2', 'hold')],
    ['1', '2 withheld'],
  ],
  [
    'with nothing allowed, held files are plain: pip is silent about yanked ones',
    [wheel('1', 'hold'), wheel('2', 'block')],
    ['1', '2'],
  ],
  ['a revoked file is gone', [wheel('1', 'allow'), wheel('2', 'revoked')], ['1']],
  ['a revoked file is gone also when nothing else is there', [wheel('2', 'revoked')], []],
  ['the upstream yank of an allowed file stays', [wheel('1', 'allow', { yanked: 'bad' })], ['1 yanked']],
  ['the upstream yank of a plainly listed held file stays', [wheel('1', 'hold', { yanked: '' })], ['1 yanked']],
  [
    'our reason wins over the upstream yank',
    [wheel('1', 'allow'), wheel('2', 'hold', { yanked: 'bad' })],
    ['1', '2 withheld'],
  ],
  [
    'a withheld file that came days after its release is left out: lockers write the digest of whatever is listed',
    [wheel('1', 'allow', { uploadTime: day(1) }), late('hold', 9), late('block', 9)],
    ['1'],
  ],
  ['once it is let in it is there', [wheel('1', 'allow', { uploadTime: day(1) }), late('allow', 9)], ['1', '1']],
  [
    'files of one release take minutes to come',
    [wheel('1', 'allow', { uploadTime: day(1) }), late('hold', 1.5)],
    ['1', '1 withheld'],
  ],
  [
    'of a release that offers nothing no file is late',
    [wheel('1', 'hold', { uploadTime: day(1) }), late('hold', 9)],
    ['1', '1'],
  ],
  ['without upload times nothing is late', [wheel('1', 'allow'), late('hold', 9)], ['1', '1 withheld']],
  [
    'another release being offered makes no file late',
    [wheel('2', 'allow', { uploadTime: day(1) }), late('hold', 9)],
    ['2', '1 withheld'],
  ],
  ['a yanked file is no way out', [wheel('1', 'allow', { yanked: '' }), wheel('2', 'hold')], ['1 yanked', '2']],
  ['an egg is no way out', [decided('demo-1-py3.8.egg', 'allow'), wheel('2', 'hold')], ['1', '2']],
  ['a pre-release is no way out', [wheel('2rc1', 'allow'), wheel('2', 'hold')], ['2rc1', '2']],
  ['an sdist is one', [decided('demo-1.tar.gz', 'allow'), wheel('2', 'hold')], ['1.tar.gz', '2 withheld']],
] as const) {
  test(why, () => assert.deepEqual(shown(decisions), expected));
}

const tagged = (tag: string, word: Word, over: Partial<IndexFile> = {}) => decided(`demo-2-${tag}.whl`, word, over);

for (const [why, decisions, expected] of [
  ['a held wheel beside one for every Python 3', [tagged('cp311-cp311-linux_x86_64', 'hold')], []],
  ['a blocked one too', [tagged('cp311-none-any', 'block')], []],
  ['but not one that Python 2 takes', [tagged('py2.py3-none-any', 'hold')], ['py2.py3-none-any']],
  ['nor one for other Pythons', [tagged('cp311-none-any', 'hold', { requiresPython: '<3.12' })], ['cp311-none-any']],
  ['nor the sdist', [decided('demo-2.tar.gz', 'hold')], ['']],
] as const) {
  test(`left out: ${why}`, () => {
    const { files } = filterPage(page, [tagged('py3-none-any', 'allow'), ...decisions], 'yank');
    assert.deepEqual(
      files.slice(1).map(({ filename }) => filename.replace(/^demo-2-?|\.whl$|\.tar\.gz$/g, '')),
      expected,
    );
  });
}

for (const [why, universal] of [
  ['is withheld too', tagged('py3-none-any', 'hold')],
  ['is yanked upstream', tagged('py3-none-any', 'allow', { yanked: 'broken' })],
  ['belongs to another release', wheel('1', 'allow')],
] as const) {
  test(`a held wheel stays listed when the wheel for every Python ${why}`, () => {
    const { files } = filterPage(page, [wheel('1', 'allow'), universal, tagged('cp311-none-any', 'hold')], 'yank');
    assert.equal(files.at(-1)?.filename, 'demo-2-cp311-none-any.whl');
    assert.equal(files.at(-1)?.yanked, NOTICE);
  });
}

test('hide leaves out what is withheld, even when nothing is left', () => {
  const decisions = [wheel('1', 'allow'), wheel('2', 'hold'), wheel('3', 'pending'), wheel('4', 'block')];
  assert.deepEqual(shown(decisions, 'hide'), ['1', '3']);
  assert.deepEqual(shown([wheel('2', 'hold')], 'hide'), []);
});

test('a project that the upstream quarantined offers nothing', () => {
  const quarantined = { ...page, status: 'quarantined' as const, statusReason: 'malware' };
  assert.deepEqual(filterPage(quarantined, [wheel('1', 'allow')], 'yank'), { ...quarantined, files: [], versions: [] });
});

test('versions are those of the listed files, normalised and in order', () => {
  const decisions = ['2.0', '10.0', '2.0.0', '1.0.RC1'].map((version) => wheel(version, 'allow'));
  const { versions } = filterPage(page, [...decisions, wheel('3.0', 'revoked')], 'yank');
  assert.deepEqual(versions, ['1.0rc1', '2.0', '2.0.0', '10.0']);
});

test('metadata that we have replaces what the upstream claims', () => {
  const digest = parseSha256('c'.repeat(64));
  const claimed = { coreMetadata: parseSha256('d'.repeat(64)) };
  const { files } = filterPage(
    page,
    [
      wheel('1', 'allow', { ...claimed, metadata: digest }),
      wheel('2', 'allow', { ...claimed, metadata: null }),
      wheel('3', 'pending', claimed),
      wheel('4', 'allow', { metadata: digest }),
    ],
    'yank',
  );
  assert.deepEqual(
    files.map(({ coreMetadata }) => coreMetadata),
    [digest, undefined, claimed.coreMetadata, digest],
  );
});

test('texts of the upstream reach a terminal without control characters', () => {
  const { files, statusReason } = filterPage(
    { ...page, statusReason: 'a\u001b[2Jb' },
    [wheel('1', 'allow', { yanked: 'x\r\ny\u202ez', requiresPython: '>=3\u0007' })],
    'yank',
  );
  assert.deepEqual([statusReason, files[0]?.yanked, files[0]?.requiresPython], ['a [2Jb', 'x y z', '>=3 ']);
});

test('nothing of the upstream address is served', () => {
  const [file] = filterPage(page, [wheel('1', 'allow')], 'yank').files;
  const said = Object.entries(file!).filter(([, value]) => value !== undefined);
  assert.deepEqual(Object.fromEntries(said), {
    filename: 'demo-1-py3-none-any.whl',
    path: 'packages/demo-1-py3-none-any.whl',
  });
});

test('a file that is withheld is never the one that ranges fall back to', () => {
  const words = fc.array(fc.constantFrom<Word>('allow', 'pending', 'hold', 'block', 'revoked'), { maxLength: 8 });
  fc.assert(
    fc.property(words, fc.constantFrom('yank' as const, 'hide' as const), (all, style) => {
      const { files } = filterPage(
        page,
        all.map((word, index) => wheel(String(index), word)),
        style,
      );
      const plain = files
        .filter(({ yanked }) => yanked === undefined)
        .map(({ filename }) => all[Number(filename.split('-')[1])]!);
      const isOpen = (word: Word) => word === 'allow' || word === 'pending';
      assert.ok(!files.some(({ filename }) => all[Number(filename.split('-')[1])] === 'revoked'));
      if (all.some(isOpen) || style === 'hide') assert.ok(plain.every(isOpen));
      assert.equal(plain.filter(isOpen).length, all.filter(isOpen).length);
    }),
  );
});
