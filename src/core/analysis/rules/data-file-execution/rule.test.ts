import { testRule } from '../../../../../test/builders/python-package.ts';
import { dataFileExecution } from './rule.ts';

testRule(dataFileExecution, {
  seen: {
    'byte code by its path':
      "import importlib.util, os\nimportlib.util.spec_from_file_location('m', os.path.join(os.path.dirname(__file__), 'm.pyc'))",
    'an archive that is searched for modules': "import sys\nsys.path.insert(0, 'data.zip')",
    'marshalled code in a file': {
      'setup.py': "import marshal\nexec(marshal.load(open('m.bin', 'rb')))",
      'm.bin': 'xx',
    },
    'a text': { 'setup.py': "exec(open('notes.txt').read())", 'notes.txt': 'print(1)' },
    'a file in base64 beside the module': {
      'setup.py':
        'import base64, os\nhere = os.path.dirname(__file__)\nexec(base64.b64decode(open(os.path.join(here, "demo", "logo.dat"), "rb").read()))',
      'demo/logo.dat': 'cHJpbnQoMSk=',
    },
    'a resource': {
      'setup.py': 'import pkgutil\nexec(pkgutil.get_data("demo", "x.bin").decode())',
      'demo/x.bin': 'print(1)',
    },
    'text in a picture': "from PIL import Image\nexec(''.join(chr(p[0]) for p in Image.open('logo.png').getdata()))",
  },
  unseen: {
    'a folder that is searched for modules': "import sys\nsys.path.insert(0, 'lib')",
    'a module of the caller':
      "import importlib.util\ndef load(path):\n    return importlib.util.spec_from_file_location('m', path)",
    'a version file in Python': {
      'setup.py': "exec(open('demo/version.py').read())",
      'demo/version.py': "__version__ = '1'",
    },
    'a text that is only read': { 'setup.py': "notes = open('notes.txt').read()", 'notes.txt': 'print(1)' },
    'a file that is not there': "exec(open('other.txt').read())",
  },
});
