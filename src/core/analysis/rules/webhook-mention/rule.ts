import { mentionsTo } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const webhookMention: Rule = {
  id: 'webhook-mention',
  title: 'names a chat webhook or bot',
  description:
    'A text names a Discord, Telegram or Slack webhook. Notifiers take the secret part of the address from their user; malware carries it.',
  remedy: 'Find out what the text is used for.',
  detect(unit) {
    return mentionsTo(unit, 'webhook');
  },
};
