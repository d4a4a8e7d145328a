import { testRule } from '../../../../../test/builders/python-package.ts';
import { destruction } from './rule.ts';

testRule(destruction, {
  seen: {
    'a tree that is removed': "import os\nos.system('rm -rf ~')",
    'a machine that is stopped': "import os\nos.system('shutdown /s /t 0')",
    'a home folder':
      "import os, shutil\nfor tree in (os.path.expanduser('~'), '/etc'):\n    shutil.rmtree(tree, ignore_errors=True)",
    'a home folder as a path': 'import shutil\nfrom pathlib import Path\nshutil.rmtree(Path.home())',
  },
  unseen: {
    'a folder below the home folder': "import os, shutil\nshutil.rmtree(os.path.expanduser('~/.cache/demo'))",
    'a build folder that is removed': "import os\nos.system('rm -rf build')",
  },
});
