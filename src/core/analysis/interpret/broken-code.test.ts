import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsOf } from '../../../../test/builders/python-package.ts';

const ACT = 'import os\nos.system("demo")\n';

/** CPython takes these; the ones it refuses (or that only Python 2 took) must not hide what they hold either. */
const SOURCES: Readonly<Record<string, string | Uint8Array>> = {
  'a definition that is none before it': `def f(:\n  pass\n${ACT}`,
  'an error after it': `${ACT}x = = 1\n`,
  'an open bracket before it': `x = (1,\n${ACT}`,
  'an open text before it': `"""never\n${ACT}`,
  'an open text after it': `${ACT}"""never\n`,
  'a broken line around it': 'import os; os.system("demo") )\n',
  'a broken argument': 'import os\nos.system("demo" $)\n',
  'a broken header around it': 'if x = 1:\n  import os\n  os.system("demo")\n',
  'a broken class around it': 'class A(:\n  import os\n  os.system("demo")\n',
  'marks of a merge': `<<<<<<< HEAD\n${ACT}=======\n>>>>>>> x\n`,
  'commands of a notebook': `%matplotlib inline\n!ls\n${ACT}`,
  'the print statement': `print "x"\n${ACT}`,
  'the exec statement': 'exec "import os;os.system(\'demo\')"\n',
  'operators of Python 2': 'if 1 <> 2 and `1`:\n  import os\n  os.system("demo")\n',
  'an except clause of Python 2, and of 3.14': 'try:\n  1 / 0\nexcept A, B:\n  import os\n  os.system("demo")\n',
  'defaults of type parameters (PEP 696)': `class C[T = int]:\n  import os\n  os.system("demo")\n`,
  'lazy imports (PEP 810)': 'lazy from os import system\nsystem("demo")\n',
  'a text in a text (PEP 701)': `x = f"{f"{1}"}"\n${ACT}`,
  'a template text (PEP 750)': `t"{1}"\n${ACT}`,
  'form feeds': '\fimport os\n\fos.system("demo")\n',
  'a mark of the byte order': `\ufeff${ACT}`,
  'carriage returns': ACT.replaceAll('\n', '\r'),
  'a zero byte': `x = 1\0\n${ACT}`,
  'UTF-7': '# coding: utf-7\nimport os\nos.system(+ACI-demo+ACI-)\n',
  'Latin-1': Buffer.from(`# coding: latin-1\n# \xe9\n${ACT}`, 'latin1'),
  'a line that goes on': 'import os\nos\\\n.system("demo")\n',
  'mixed tabs and spaces': 'if 1:\n\timport os\n        os.system("demo")\n',
  'soft keywords as names': `match = type = print = exec = 1\n${ACT}`,
  'numbers without a space behind': `x = 1_000if 1else 2\n${ACT}`,
  'many brackets': `${'('.repeat(150)}1${')'.repeat(150)}\n${ACT}`,
};

for (const [why, source] of Object.entries(SOURCES)) {
  test(`sees a command beside ${why}`, async () => {
    const facts = await factsOf({ 'demo/__init__.py': source });
    const started = facts.filter((fact) => fact.kind === 'call' && fact.role === 'process');
    assert.ok(started.some((fact) => fact.place.context === 'import' && fact.place.line >= 1));
  });
}

test('names the line of what it read in a broken range', async () => {
  const facts = await factsOf({ 'demo/__init__.py': `x = 1\n"""never\n\nimport os\nos.system("demo")\n` });
  const [started] = facts.filter((fact) => fact.kind === 'call' && fact.role === 'process');
  assert.equal(started?.place.line, 5);
});
