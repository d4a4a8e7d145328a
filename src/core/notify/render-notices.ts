import { createHmac } from 'node:crypto';
import { plainLine } from '../report/plain-line.ts';
import type { Target } from './channel.ts';
import type { Delivery } from './delivery.ts';
import type { Notice } from './notice.ts';

/** What is posted, or the parts of a mail. */
export type Message =
  | {
      readonly kind: 'post';
      readonly url: string;
      readonly body: string;
      readonly headers: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'mail';
      readonly smtp: string;
      readonly from: string;
      readonly to: readonly string[];
      readonly subject: string;
      readonly text: string;
    };

/** Writes a delivery as its target wants it. @param base address of the gate, for links @param now signs a webhook */
export function renderDelivery(target: Target, delivery: Delivery, base: string, now: Date): Message {
  switch (target.kind) {
    case 'webhook':
      return webhook(target, delivery, base, now);
    case 'slack':
      return post(target.url, { text: describe(delivery, base, slack) });
    case 'mattermost':
      return post(target.url, { text: describe(delivery, base, markdown) });
    case 'teams':
      return post(target.url, teamsCard(delivery, base));
    case 'mail': {
      const { smtp, from, to } = target;
      return { kind: 'mail', smtp, from, to, subject: subjectOf(delivery), text: describe(delivery, base, plain) };
    }
  }
}

/** Signed as standardwebhooks.com says: `webhook-id`, `webhook-timestamp`, `webhook-signature`. */
function webhook(
  target: Target & { kind: 'webhook' },
  { id, channel, notices, more }: Delivery,
  base: string,
  now: Date,
): Message {
  const linked = notices.map(({ path, ...notice }) => ({
    ...notice,
    url: path === undefined ? null : `${base}${path}`,
  }));
  const body = JSON.stringify({ schema: 'wheelgate.notices/1', channel, notices: linked, more });
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signature = createHmac('sha256', keyOf(target.secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
  return { kind: 'post', url: target.url, body, headers };
}

/** `whsec_` announces Base64; any other secret is taken as its bytes. */
function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret, 'utf8');
}

function post(url: string, body: unknown): Message {
  return { kind: 'post', url, body: JSON.stringify(body), headers: {} };
}

/** How one chat writes bold text, a link and foreign text. */
type Markup = {
  escape(text: string): string;
  bold(text: string): string;
  link(url: string): string;
};

const plain: Markup = { escape: plainLine, bold: (text) => text, link: (url) => url };
const slack: Markup = {
  // Slack's three control characters; its own links are written with them.
  escape: (text) => plainLine(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  bold: (text) => `*${text}*`,
  link: (url) => `<${url}>`,
};
const markdown: Markup = {
  escape: (text) => plainLine(text).replace(/[\\`*_{}[\]<>()#+!|~@:]/g, '\\$&'),
  bold: (text) => `**${text}**`,
  link: (url) => `<${url}>`,
};

const SIGN = { info: 'info', warning: 'warning', critical: 'CRITICAL' } as const;

function describe({ notices, more }: Delivery, base: string, markup: Markup): string {
  const blocks = notices.map((notice) => blockOf(notice, base, markup));
  return [...blocks, ...(more > 0 ? [`and ${more} more: see ${markup.link(base)}`] : [])].join('\n\n');
}

function blockOf({ severity, title, lines, path }: Notice, base: string, markup: Markup): string {
  return [
    `${SIGN[severity]}: ${markup.bold(markup.escape(title))}`,
    ...lines.slice(0, 5).map((line) => markup.escape(line)),
    ...(path === undefined ? [] : [markup.link(`${base}${path}`)]),
  ].join('\n');
}

/** An Adaptive Card, which Teams' workflows take. */
function teamsCard({ notices, more }: Delivery, base: string): unknown {
  const block = (text: string, over: object = {}) => ({ type: 'TextBlock', wrap: true, text, ...over });
  const body = notices.flatMap(({ severity, title, lines, path }) => [
    block(`${SIGN[severity]}: ${markdown.escape(title)}`, { weight: 'Bolder', separator: true }),
    ...lines.slice(0, 5).map((line) => block(markdown.escape(line))),
    ...(path === undefined ? [] : [block(`[${base}${path}](${base}${path})`)]),
  ]);
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [...body, ...(more > 0 ? [block(`and ${more} more`)] : [])],
  };
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }] };
}

function subjectOf({ notices, more, severity }: Delivery): string {
  const [first] = notices;
  const others = notices.length - 1 + more;
  return `[wheelgate ${SIGN[severity]}] ${plainLine(first?.title ?? '').slice(0, 150)}${others > 0 ? ` and ${others} more` : ''}`;
}
