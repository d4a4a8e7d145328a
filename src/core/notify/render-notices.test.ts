import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { NOW } from '../../../test/builders/an-evidence.ts';
import type { Target } from './channel.ts';
import { gather } from './delivery.ts';
import type { Notice } from './notice.ts';
import { renderDelivery } from './render-notices.ts';

const BASE = 'https://gate.test';
const notice: Notice = {
  seq: 3,
  type: 'review.opened',
  severity: 'warning',
  at: NOW.toISOString(),
  title: 'A review of demo 1.0 was opened',
  actor: 'gate',
  subject: 'demo 1.0',
  rules: ['cooldown'],
  lines: ['cooldown: too young'],
  path: '/r/demo/1.0',
};
const EVIL = { ...notice, title: '<!channel> *x* [y](https://evil.test)\n# z\u202e', lines: ['`a` & <b>'] };

function render(target: Target, ...notices: readonly Notice[]) {
  const delivery = gather(undefined, notices, { id: 'd1', channel: 'x', digest: 0, now: NOW });
  return renderDelivery(target, delivery, BASE, NOW);
}

test('a webhook is signed as standardwebhooks.com says, and tells everything', () => {
  const secret = `whsec_${Buffer.from('a'.repeat(24)).toString('base64')}`;
  const message = render({ kind: 'webhook', url: 'https://hook.test/', secret }, notice);
  assert.ok(message.kind === 'post');
  const { body, headers } = message;
  const expected = createHmac('sha256', 'a'.repeat(24))
    .update(`d1.${headers['webhook-timestamp']}.${body}`)
    .digest('base64');
  assert.deepEqual([headers['webhook-id'], headers['webhook-signature']], ['d1', `v1,${expected}`]);
  assert.equal(headers['webhook-timestamp'], String(NOW.getTime() / 1000));
  const { path: _, ...told } = notice;
  assert.deepEqual(JSON.parse(body), {
    schema: 'wheelgate.notices/1',
    channel: 'x',
    notices: [{ ...told, url: `${BASE}/r/demo/1.0` }],
    more: 0,
  });
});

function textOf(target: Target, one: Notice): string {
  const message = render(target, one);
  return message.kind === 'post' ? JSON.parse(message.body).text : message.text;
}

test('Slack gets its own markup, and foreign text none of it', () => {
  assert.equal(
    textOf({ kind: 'slack', url: 'https://chat.test/' }, notice),
    `warning: *A review of demo 1.0 was opened*\ncooldown: too young\n<${BASE}/r/demo/1.0>`,
  );
  const evil = textOf({ kind: 'slack', url: 'https://chat.test/' }, EVIL);
  assert.ok(!evil.includes('<!channel>') && evil.includes('&lt;!channel&gt;'));
  assert.equal(evil.split('\n').length, 3, 'no line of its own');
});

test('Mattermost gets Markdown, and foreign text none of it', () => {
  const evil = textOf({ kind: 'mattermost', url: 'https://chat.test/' }, EVIL);
  assert.ok(evil.includes('\\[y\\]\\(https\\:'));
  assert.ok(!/^# z/m.test(evil));
  assert.ok(!evil.includes('\u202e'));
});

test('Teams gets an Adaptive Card', () => {
  const message = render({ kind: 'teams', url: 'https://chat.test/' }, notice, EVIL);
  assert.ok(message.kind === 'post');
  const [attachment] = JSON.parse(message.body).attachments;
  assert.equal(attachment.contentType, 'application/vnd.microsoft.card.adaptive');
  assert.equal(attachment.content.type, 'AdaptiveCard');
  assert.equal(attachment.content.body[0].text, 'warning: A review of demo 1.0 was opened');
  assert.ok(attachment.content.body.every(({ text }: { text: string }) => !text.includes('](https://evil.test')));
});

test('a mail has one subject line and plain text', () => {
  const target = { kind: 'mail', smtp: 'smtp://mail.test', from: 'g@test.test', to: ['a@test.test'] } as const;
  const message = render(target, EVIL, notice);
  assert.ok(message.kind === 'mail');
  assert.doesNotMatch(message.subject, /[\r\n]/);
  assert.match(message.subject, /^\[wheelgate warning\] .* and 1 more$/);
  assert.match(message.text, /too young\nhttps:\/\/gate\.test\/r\/demo\/1\.0$/);
});
