import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aChannel } from '../../../test/builders/a-channel.ts';
import { NOW } from '../../../test/builders/an-evidence.ts';
import { type Channel, wants } from './channel.ts';
import { type Notice, noticeOf } from './notice.ts';

const event = (type: string, detail: Readonly<Record<string, unknown>> = {}, subject = 'demo 1.0') => ({
  seq: 7,
  at: NOW,
  type,
  actor: 'user:ada',
  subject,
  detail,
});

const CASES: readonly [why: string, event: ReturnType<typeof event>, severity: string | undefined, title?: string][] = [
  ['a served file is no news', event('file.served'), undefined],
  ['an allowed file is no news', event('verdict.recorded', { verdict: 'allow' }), undefined],
  ['a hold', event('verdict.recorded', { verdict: 'hold' }), 'info', 'demo 1.0 is held'],
  ['a block', event('verdict.recorded', { verdict: 'block' }), 'warning', 'demo 1.0 is blocked'],
  [
    'a block of what was let in',
    event('verdict.recorded', { verdict: 'block', before: 'allow' }),
    'critical',
    'demo 1.0 was let in before and is blocked now',
  ],
  ['a revocation', event('fact.revocation'), 'critical', 'user:ada revoked demo 1.0'],
  ['an open review', event('review.opened'), 'warning', 'A review of demo 1.0 was opened'],
  [
    'text with a dollar sign stays as it is',
    event('review.opened', {}, '$& 1'),
    'warning',
    'A review of $& 1 was opened',
  ],
];

for (const [why, input, severity, title] of CASES) {
  test(`notice: ${why}`, () => {
    const notice = noticeOf(input);
    assert.deepEqual([notice?.severity, notice?.title], [severity, title]);
  });
}

test('a notice has the reasons but no notes, and a link to the release', () => {
  const notice = noticeOf(
    event('verdict.recorded', {
      verdict: 'block',
      index: 'main',
      project: 'demo',
      version: '1.0',
      reasons: [
        { rule: 'behaviour', effect: 'block', message: 'it steals' },
        { rule: 'yanked', effect: 'note', message: 'yanked' },
        'nonsense',
      ],
    }),
  );
  assert.deepEqual(notice?.rules, ['behaviour']);
  assert.deepEqual(notice?.lines, ['behaviour: it steals']);
  assert.equal(notice?.path, '/main/r/demo/1.0');
});

for (const [subject, path] of [
  ['demo 1.0', '/r/demo/1.0'],
  ['demo 1.0+cpu', '/r/demo/1.0%2Bcpu'],
  ['demo', '/r/demo'],
  ['demo demo-1.0-py3-none-any.whl', '/r/demo'],
  ['demo demo-1.0.tar.gz', '/r/demo'],
  ['../../etc passwd', undefined],
] as const) {
  test(`the link of ${subject}`, () => {
    assert.equal(noticeOf(event('fact.denial', { index: 'default' }, subject))?.path, path);
  });
}

const notice: Notice = {
  seq: 1,
  type: 'review.opened',
  severity: 'warning',
  at: NOW.toISOString(),
  title: 't',
  actor: 'a',
  subject: 's',
  index: 'main',
  rules: ['behaviour', 'cooldown'],
  lines: [],
};
const ROUTES: readonly [why: string, channel: Partial<Channel>, wanted: boolean][] = [
  ['everything', {}, true],
  ['the same severity', { min_severity: 'warning' }, true],
  ['only worse', { min_severity: 'critical' }, false],
  ['this type', { events: ['review.opened'] }, true],
  ['another type', { events: ['review.open'] }, false],
  ['a family of types', { events: ['fact.*', 'review.*'] }, true],
  ['this index', { indexes: ['main'] }, true],
  ['another index', { indexes: ['other'] }, false],
  ['one of its rules', { rules: ['cooldown'] }, true],
  ['another rule', { rules: ['yanked'] }, false],
];
for (const [why, over, wanted] of ROUTES) {
  test(`a channel that wants ${why}`, () => assert.equal(wants(aChannel(over), notice), wanted));
}

test('an alarm of no index reaches channels of one index', () => {
  const { index: _, ...everywhere } = notice;
  assert.equal(wants(aChannel({ indexes: ['other'] }), everywhere), true);
});
