import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsOf } from '../../../test/builders/python-package.ts';
import { capabilitiesOf } from './capabilities.ts';

test('names each capability of a file once, in its earliest context', async () => {
  const facts = await factsOf({
    'setup.py': "import os\nprint(os.environ['HOME'])\n",
    'demo/__init__.py':
      "import requests\nrequests.get('https://x.example.invalid')\n\ndef run(x):\n    requests.get(x)\n    exec(x)\n",
  });
  assert.deepEqual(capabilitiesOf(facts), [
    { capability: 'environment', context: 'install', file: 'setup.py', line: 2 },
    { capability: 'network', context: 'import', file: 'demo/__init__.py', line: 2 },
    { capability: 'dynamic-code', context: 'call', file: 'demo/__init__.py', line: 6 },
  ]);
});

test('a package that does nothing can do nothing', async () => {
  assert.deepEqual(capabilitiesOf(await factsOf({ 'demo/__init__.py': 'x = 1' })), []);
});

test('a start-up line is a capability of its own', async () => {
  const facts = await factsOf({ 'demo.pth': "import os; os.system('demo')" }, 'wheel');
  assert.deepEqual(
    capabilitiesOf(facts).map(({ capability, context }) => [capability, context]),
    [
      ['process', 'start-up'],
      ['start-up-hook', 'start-up'],
    ],
  );
});
