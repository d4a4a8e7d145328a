import { testRule } from '../../../../../test/builders/python-package.ts';
import { lookAlikeName } from './rule.ts';

testRule(lookAlikeName, {
  seen: {
    'exec in full-width letters': "\uff45xec('1')",
  },
  unseen: {
    'full-width letters in a text': "x = '\uff41\uff42'",
  },
});
