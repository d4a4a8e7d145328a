import { testRule } from '../../../../../test/builders/python-package.ts';
import { cloudCredentials } from './rule.ts';

testRule(cloudCredentials, {
  seen: {
    'a request': "import requests\nrequests.get('http://169.254.169.254/latest/meta-data/iam/security-credentials/')",
    'a command': "import os\nos.system('curl http://metadata.google.internal/computeMetadata/v1/')",
  },
  unseen: {
    'another local address': "import requests\nrequests.get('http://169.254.1.1/')",
  },
});
