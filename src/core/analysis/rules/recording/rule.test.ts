import { testRule } from '../../../../../test/builders/python-package.ts';
import { recording } from './rule.ts';

testRule(recording, {
  seen: {
    'a screenshot': 'from PIL import ImageGrab\nImageGrab.grab()',
    'key strokes': 'from pynput.keyboard import Listener\nListener(on_press=print).start()',
  },
  unseen: {
    'an image file': "from PIL import Image\nImage.open('x.png')",
  },
});
