import { testRule } from '../../../../../test/builders/python-package.ts';
import { layerBehaviour } from './rule.ts';

testRule(layerBehaviour, {
  seen: {
    'a command inside base64':
      "import base64\nexec(base64.b64decode('aW1wb3J0IG9zCm9zLnN5c3RlbSgnZGVtbyAtLXF1aWV0Jyk='))",
  },
  unseen: {
    'harmless code inside base64': "import base64\nexec(base64.b64decode('cHJpbnQoMSk='))",
  },
});
