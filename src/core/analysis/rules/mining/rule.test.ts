import { testRule } from '../../../../../test/builders/python-package.ts';
import { mining } from './rule.ts';

testRule(mining, {
  seen: {
    'a pool': "url = 'stratum+tcp://pool.example.invalid:3333'",
    'a miner': "import os\nos.system('./xmrig -o pool.example.invalid')",
  },
  unseen: {
    'a stratum of data': "x = 'stratum of /data'",
  },
});
