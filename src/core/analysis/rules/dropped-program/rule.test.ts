import { testRule } from '../../../../../test/builders/python-package.ts';
import { droppedProgram } from './rule.ts';

testRule(droppedProgram, {
  seen: {
    'program text that is started':
      "import subprocess\nwith open('/tmp/demo.py', 'w') as f:\n    f.write('import os\\nprint(os.name)')\nsubprocess.Popen(['python', '/tmp/demo.py'])",
    'decoded bytes in a temporary file':
      'import base64, os, tempfile\nf = tempfile.NamedTemporaryFile(delete=False)\nf.write(base64.b64decode(input()))\nos.system(f.name)',
  },
  unseen: {
    'a file that is only written': "with open('/tmp/demo.py', 'w') as f:\n    f.write('import os\\nprint(os.name)')",
    'another file that is started': "import os\nopen('a.txt', 'w').write('text')\nos.system('demo b.txt')",
  },
});
