import assert from 'node:assert/strict';
import { createCipheriv, createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { test } from 'node:test';
import { factsOf } from '../../../../test/builders/python-package.ts';
import { openRc4 } from '../values/cipher.ts';
import { firstOf, plainText } from '../values/value.ts';

const CODE = Buffer.from("import os;os.system('demo')");
const KEY = Buffer.from('0123456789abcdef');
const IV = Buffer.from('fedcba9876543210');
const NONCE = Buffer.from('nonce123');

function sealed(name: string, iv: Uint8Array | null = IV, key: Uint8Array = KEY): string {
  const cipher = createCipheriv(name, key, iv);
  return hex(Buffer.concat([cipher.update(CODE), cipher.final()]));
}

/** Bytes as a Python expression. */
function hex(bytes: Uint8Array): string {
  return `bytes.fromhex('${Buffer.from(bytes).toString('hex')}')`;
}

function gcm(): string {
  const cipher = createCipheriv('aes-128-gcm', KEY, IV.subarray(0, 12));
  return hex(Buffer.concat([cipher.update(CODE), cipher.final(), cipher.getAuthTag()]));
}

function ccm(nonceLength: number): { readonly content: string; readonly whole: string } {
  const cipher = createCipheriv('aes-128-ccm', KEY, IV.subarray(0, nonceLength), { authTagLength: 8 });
  const content = Buffer.concat([cipher.update(CODE), cipher.final()]);
  return { content: hex(content), whole: hex(Buffer.concat([content, cipher.getAuthTag()])) };
}

function poly(): string {
  const cipher = createCipheriv('chacha20-poly1305', Buffer.alloc(32, 1), IV.subarray(0, 12), { authTagLength: 16 });
  return hex(Buffer.concat([cipher.update(CODE), cipher.final(), cipher.getAuthTag()]));
}

function fernet(): { readonly key: string; readonly token: string } {
  const key = Buffer.alloc(32, 7);
  const cipher = createCipheriv('aes-128-cbc', key.subarray(16), IV);
  const body = Buffer.concat([Buffer.of(0x80), Buffer.alloc(8), IV, cipher.update(CODE), cipher.final()]);
  const mac = createHmac('sha256', key.subarray(0, 16)).update(body).digest();
  return { key: key.toString('base64url'), token: Buffer.concat([body, mac]).toString('base64url') };
}

const counter = (first: number) => Buffer.concat([Buffer.alloc(15), Buffer.of(first)]);
const hashed = createHash('sha256').update('password').digest();
const derived = pbkdf2Sync('password', 'salt', 1000, 32, 'sha256');

const SEALED: Readonly<Record<string, string>> = {
  'CBC of pycryptodome': `from Crypto.Cipher import AES\nfrom Crypto.Util.Padding import unpad\nx = unpad(AES.new(${hex(KEY)}, AES.MODE_CBC, ${hex(IV)}).decrypt(${sealed('aes-128-cbc')}), 16)`,
  'CBC, unpadded by hand': `from Crypto.Cipher import AES\nx = AES.new(${hex(KEY)}, AES.MODE_CBC, iv=${hex(IV)}).decrypt(${sealed('aes-128-cbc')})\nx = x[:-x[-1]]`,
  'ECB with the mode as a number': `from Cryptodome.Cipher import AES\nx = AES.new(${hex(KEY)}, 1).decrypt(${sealed('aes-128-ecb', null)})\nx = x[:-ord(x[len(x) - 1:])]`,
  'CTR with a nonce': `from Crypto.Cipher import AES\nx = AES.new(${hex(KEY)}, AES.MODE_CTR, nonce=${hex(NONCE)}).decrypt(${sealed('aes-128-ctr', Buffer.concat([NONCE, Buffer.alloc(8)]))})`,
  'CFB of 8 bits': `from Crypto.Cipher import AES\nx = AES.new(${hex(KEY)}, AES.MODE_CFB, ${hex(IV)}).decrypt(${sealed('aes-128-cfb8')})`,
  'CBC of cryptography': `from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes\nfrom cryptography.hazmat.primitives import padding\nd = Cipher(algorithms.AES(${hex(KEY)}), modes.CBC(${hex(IV)})).decryptor()\nu = padding.PKCS7(128).unpadder()\nx = u.update(d.update(${sealed('aes-128-cbc')}) + d.finalize()) + u.finalize()`,
  'CTR of cryptography': `from cryptography.hazmat.primitives.ciphers import Cipher\nfrom cryptography.hazmat.primitives.ciphers.algorithms import AES\nfrom cryptography.hazmat.primitives.ciphers.modes import CTR\nd = Cipher(AES(${hex(KEY)}), CTR(${hex(IV)})).decryptor()\nx = d.update(${sealed('aes-128-ctr')}) + d.finalize()`,
  AESGCM: `from cryptography.hazmat.primitives.ciphers.aead import AESGCM\nx = AESGCM(${hex(KEY)}).decrypt(${hex(IV.subarray(0, 12))}, ${gcm()}, None)`,
  'CTR that counts from a number': `from Crypto.Cipher import AES\nx = AES.new(${hex(KEY)}, AES.MODE_CTR, nonce=${hex(NONCE)}, initial_value=7).decrypt(${sealed('aes-128-ctr', Buffer.concat([NONCE, counter(7).subarray(8)]))})`,
  'CTR with a counter object': `from Crypto.Cipher import AES\nfrom Crypto.Util import Counter\nx = AES.new(${hex(KEY)}, AES.MODE_CTR, counter=Counter.new(64, prefix=${hex(NONCE)}, initial_value=3)).decrypt(${sealed('aes-128-ctr', Buffer.concat([NONCE, counter(3).subarray(8)]))})`,
  'CTR that counts from a whole block': `from Crypto.Cipher import AES\nfrom Crypto.Util import Counter\nx = AES.new(${hex(KEY)}, AES.MODE_CTR, counter=Counter.new(128, initial_value=int.from_bytes(${hex(IV)}, 'big'))).decrypt(${sealed('aes-128-ctr')})`,
  'CFB of 128 bits': `from Crypto.Cipher import AES\nx = AES.new(${hex(KEY)}, AES.MODE_CFB, ${hex(IV)}, segment_size=128).decrypt(${sealed('aes-128-cfb')})`,
  'CCM of pycryptodome': `from Crypto.Cipher import AES\nx = AES.new(${hex(KEY)}, AES.MODE_CCM, nonce=${hex(IV.subarray(0, 11))}).decrypt(${ccm(11).content})`,
  AESCCM: `from cryptography.hazmat.primitives.ciphers.aead import AESCCM\nx = AESCCM(${hex(KEY)}, tag_length=8).decrypt(${hex(IV.subarray(0, 13))}, ${ccm(13).whole}, None)`,
  'EAX, whose key stream starts at a CMAC': `from Crypto.Cipher import AES\nx = AES.new(bytes.fromhex('91945d3f4dcbee0bf45ef52255f095a4'), AES.MODE_EAX, nonce=bytes.fromhex('becaf043b0a23d843194ba972c66debd')).decrypt(bytes.fromhex('874b379b11367c89c8747a681c486aa0b6dc1a8fa36863a1382040'))`,
  'EAX with a nonce that fills no block': `from Crypto.Cipher import AES\nx = AES.new(bytes.fromhex('91945d3f4dcbee0bf45ef52255f095a4'), AES.MODE_EAX, nonce=bytes.fromhex('becaf043b0a23d843194ba')).decrypt_and_verify(bytes.fromhex('ab975243ed5b6079cb6fafd93aee9b45e8b1b8deb46bc3fc067781'), tag)`,
  ChaCha20Poly1305: `from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305\nx = ChaCha20Poly1305(${hex(Buffer.alloc(32, 1))}).decrypt(${hex(IV.subarray(0, 12))}, ${poly()}, None)`,
  'CTR of pyaes': `import pyaes\nx = pyaes.AESModeOfOperationCTR(${hex(KEY)}).decrypt(${sealed('aes-128-ctr', counter(1))})`,
  'a decrypter of pyaes': `import pyaes\nd = pyaes.Decrypter(pyaes.AESModeOfOperationCBC(${hex(KEY)}, iv=${hex(IV)}))\nx = d.feed(${sealed('aes-128-cbc')})\nx += d.feed()\nx = x[:-x[-1]]`,
  'a key that is a hash': `import hashlib\nfrom Crypto.Cipher import AES\nk = hashlib.sha256(b'password').digest()\nx = AES.new(k, AES.MODE_CTR, nonce=${hex(NONCE)}).decrypt(${sealed('aes-256-ctr', Buffer.concat([NONCE, Buffer.alloc(8)]), hashed)})`,
  'a derived key': `import hashlib\nfrom Crypto.Cipher import AES\nk = hashlib.pbkdf2_hmac('sha256', b'password', b'salt', 1000)\nx = AES.new(k, AES.MODE_CTR, nonce=${hex(NONCE)}).decrypt(${sealed('aes-256-ctr', Buffer.concat([NONCE, Buffer.alloc(8)]), derived)})`,
  Fernet: `from cryptography.fernet import Fernet\nx = Fernet(b'${fernet().key}').decrypt(b'${fernet().token}')`,
  'Fernet with texts': `from cryptography.fernet import Fernet\nf = Fernet('${fernet().key}'.encode())\nx = f.decrypt('${fernet().token}'.encode()).decode()`,
  RC4: `from Crypto.Cipher import ARC4\nx = ARC4.new(b'secret').decrypt(${hex(openRc4(Buffer.from('secret'), CODE)!)})`,
  ChaCha20: `from Crypto.Cipher import ChaCha20\nx = ChaCha20.new(key=${hex(Buffer.alloc(32, 1))}, nonce=${hex(NONCE)}).decrypt(${sealed('chacha20', Buffer.concat([Buffer.alloc(8), NONCE]), Buffer.alloc(32, 1))})`,
};

for (const [why, source] of Object.entries(SEALED)) {
  test(`opens ${why}`, async () => {
    const facts = await factsOf({ 'demo/__init__.py': `${source}\nexec(x)` });
    const [started] = facts.filter((fact) => fact.kind === 'call' && fact.role === 'process');
    assert.ok(started?.kind === 'call' && plainText(firstOf(started.call.args[0]!)) === 'demo');
    assert.equal(started.place.decodedLayer, true);
  });
}

for (const [why, source] of [
  ['a key that is not known', `x = AES.new(input(), AES.MODE_CBC, ${hex(IV)}).decrypt(b'abc')`],
  ['a key of a wrong length', `x = AES.new(b'short', AES.MODE_CBC, ${hex(IV)}).decrypt(b'abc')`],
  ['no start value', `x = AES.new(${hex(KEY)}, AES.MODE_CBC).decrypt(b'abc')`],
] as const) {
  test(`marks what has ${why}`, async () => {
    const facts = await factsOf({ 'demo/__init__.py': `from Crypto.Cipher import AES\n${source}\nexec(x)` });
    assert.ok(facts.some((fact) => fact.kind === 'call' && fact.role === 'execute' && (fact.taint & 128) !== 0));
  });
}

test('RC4 is what the others compute (RFC 6229 gives the key stream)', () => {
  const stream = openRc4(Buffer.from('0102030405', 'hex'), Buffer.alloc(16));
  assert.equal(Buffer.from(stream!).toString('hex'), 'b2396305f03dc027ccc3524a0a1118a8');
});

for (const [why, source, expected] of [
  ['the first protocol', 'pickle.loads(b"cposix\\nsystem\\n(S\'demo\'\\ntR.")', 'os.system'],
  [
    'the fourth protocol',
    "pickle.loads(b'\\x80\\x04\\x95\\x1f\\x00\\x8c\\x08builtins\\x94\\x8c\\x04exec\\x94\\x93\\x94\\x8c\\x04demo\\x94\\x85R.')",
    'builtins.exec',
  ],
  [
    'the fourth protocol, with code of several lines',
    'pickle.loads(b\'\\x80\\x04\\x95\\x30\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x8c\\x08builtins\\x94\\x8c\\x04exec\\x94\\x93\\x94\\x8c\\x1cimport os\\nos.system("demo")\\n\\n\\x94\\x85R.\')',
    'os.system',
  ],
] as const) {
  test(`lists what a pickle of ${why} calls, without loading it`, async () => {
    const facts = await factsOf({ 'demo/__init__.py': `import pickle\n${source}` });
    assert.ok(facts.some((fact) => fact.kind === 'call' && fact.name === expected));
  });
}

test('looks at the texts of marshalled code', async () => {
  const data = "b'\\xe3\\x00\\x00\\xda\\x1ahttps://x.example.invalid/a\\xda\\x06system\\xda\\x04exec'";
  const facts = await factsOf({ 'demo/__init__.py': `import marshal\nexec(marshal.loads(${data}))` });
  assert.ok(facts.some((fact) => fact.kind === 'text' && fact.text.includes('https://x.example.invalid/a')));
  assert.ok(facts.some((fact) => fact.kind === 'decoded' && fact.how === 'marshal'));
});
