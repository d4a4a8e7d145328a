import { testRule } from '../../../../../test/builders/python-package.ts';
import { persistence } from './rule.ts';

testRule(persistence, {
  seen: {
    'a shell profile': "import os\nopen(os.path.expanduser('~/.bashrc'), 'a').write('demo')",
    'a run key':
      "import winreg\nk = winreg.OpenKey(winreg.HKEY_CURRENT_USER, 'x')\nwinreg.SetValueEx(k, 'demo', 0, 1, 'demo')",
    'a cron job': "import os\nos.system('echo demo | crontab -')",
    'a key that may log in':
      "import os\nwith open(os.path.expanduser('~/.ssh/authorized_keys'), 'a') as keys:\n    keys.write('ssh-ed25519 demo')",
  },
  unseen: {
    'an ordinary file': "open('demo.conf', 'a').write('demo')",
  },
});
