import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CREDENTIALS, credentialsFor, credentialsOf } from './client-credentials.ts';
import { CLIENT_SETTINGS } from './client-settings.ts';

const index = new URL('https://gate.test:8443/simple/');

for (const { name, text } of CLIENT_SETTINGS) {
  test(`${name} finds a token in the environment at least, and no setting holds one`, () => {
    assert.ok(credentialsFor(name).includes('environment'));
    for (const one of CREDENTIALS) {
      const setting = credentialsOf(name, one);
      if (!setting) continue;
      const shown = setting.instead?.(index).text ?? text(setting.url(index), setting.text);
      assert.match(shown, /gate\.test:8443\/simple\//);
      assert.doesNotMatch(shown, /:\/\/__token__:[^$]/, 'a password is the name of a variable');
      assert.ok(setting.steps(index).length > 0);
    }
  });
}

test('a keyring is asked by host and port, a netrc file by host', () => {
  assert.match(credentialsOf('pip', 'keyring')!.steps(index).join(), /keyring set gate\.test:8443 __token__/);
  assert.match(credentialsOf('uv', 'netrc')!.steps(index).join(), /machine gate\.test login __token__/);
});
