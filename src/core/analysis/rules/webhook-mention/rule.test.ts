import { testRule } from '../../../../../test/builders/python-package.ts';
import { webhookMention } from './rule.ts';

testRule(webhookMention, {
  seen: {
    'a chat webhook in a variable': "HOOK = 'https://hooks.slack.com/services/T/B/x'",
  },
  unseen: {
    'the documentation of webhooks': "DOCS = 'https://discord.com/developers/docs/resources/webhook'",
  },
});
