import { testRule } from '../../../../../test/builders/python-package.ts';
import { indirectImport } from './rule.ts';

testRule(indirectImport, {
  seen: {
    '__import__ of os': "o = __import__('os')",
    'importlib with a built name': "import importlib\ns = importlib.import_module('sub' + 'process')",
  },
  unseen: {
    'a lazy import of the package': "import importlib\nm = importlib.import_module('.core', 'demo')",
    'an ordinary import': 'import os',
  },
});
