import { testRule } from '../../../../../test/builders/python-package.ts';
import { nativeMemory } from './rule.ts';

testRule(nativeMemory, {
  seen: {
    'executable memory': 'import ctypes\nctypes.windll.kernel32.VirtualAlloc(0, 4096, 0x3000, 0x40)',
  },
  unseen: {
    'a library that is loaded': "import ctypes\nctypes.CDLL('libc.so.6')",
  },
});
