import { testRule } from '../../../../../test/builders/python-package.ts';
import { fileEncryption } from './rule.ts';

testRule(fileEncryption, {
  seen: {
    'every file below a folder':
      "import os\nfrom cryptography.fernet import Fernet\nbox = Fernet(Fernet.generate_key())\nfor root, _, names in os.walk('/home'):\n    for name in names:\n        data = open(root + '/' + name, 'rb').read()\n        open(root + '/' + name, 'wb').write(box.encrypt(data))",
  },
  unseen: {
    'one file of the caller':
      "from cryptography.fernet import Fernet\ndef seal(path, key):\n    data = open(path, 'rb').read()\n    open(path, 'wb').write(Fernet(key).encrypt(data))",
  },
});
