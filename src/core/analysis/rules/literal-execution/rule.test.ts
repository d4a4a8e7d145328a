import { testRule } from '../../../../../test/builders/python-package.ts';
import { literalExecution } from './rule.ts';

testRule(literalExecution, {
  seen: {
    'code in a literal': 'exec("import os; os.system(\'demo -q\')")',
    'code for a new interpreter':
      "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import requests; requests.get(\"https://collector.example.invalid\")'])",
  },
  unseen: {
    'a statement for an older Python': "exec('def f(code):\\n    exec(code)')",
    'a literal that computes': "exec('x = 1 + 1')",
  },
});
