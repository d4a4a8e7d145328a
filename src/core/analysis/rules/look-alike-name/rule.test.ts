import { testRule } from '../../../../../test/builders/python-package.ts';
import { lookAlikeName } from './rule.ts';

testRule(lookAlikeName, {
  seen: {
    'exec in full-width letters': "\uff45xec('1')",
    'exec in script letters': "\u{1d4ee}xec('1')",
    'exec with a superscript': '\u1d49xec = 1',
  },
  unseen: {
    'ordinal signs in prose': '# el n\u00ba (1) = 2\nx = 1',
    'full-width letters in a text': "x = '\uff41\uff42'",
  },
});
