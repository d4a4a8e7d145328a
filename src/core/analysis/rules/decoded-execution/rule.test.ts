import { testRule } from '../../../../../test/builders/python-package.ts';
import { decodedExecution } from './rule.ts';

testRule(decodedExecution, {
  seen: {
    'exec with bound arguments':
      "import base64, functools\nrun = functools.partial(exec, base64.b64decode('cHJpbnQoMSk='))\nrun()",
    base64: "import base64\nexec(base64.b64decode('cHJpbnQoMSk='))",
    'hex through bytes': "exec(bytes.fromhex('7072696e742831 29'.replace(' ', '')).decode())",
    'XOR in a loop': "out = ''\nfor c in 'qsjou)2*':\n    out += chr(ord(c) - 1)\nexec(out)",
    'a hidden name of exec':
      "import zlib\nrun = getattr(__builtins__, 'ex' + 'ec')\nrun(zlib.decompress(open('x','rb').read()))",
  },
  unseen: {
    'what the caller brings': 'import base64\ndef load(x):\n    return eval(base64.b64decode(x))',
    'source that was only read': "exec(open('demo/version.py').read())",
    'bytes decoded as text': "exec(open('version.py', 'rb').read().decode('utf-8'))",
  },
});
