import { requestsTo } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const webhook: Rule = {
  id: 'webhook',
  title: 'sends to a chat webhook or bot',
  description:
    'A request goes to a Discord, Telegram or Slack webhook. Notifiers take the secret part of the address from their user; malware carries it.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return requestsTo(unit, 'webhook');
  },
};
