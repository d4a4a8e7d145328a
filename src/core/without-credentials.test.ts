import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutCredentials } from './without-credentials.ts';

for (const [why, raw, expected] of [
  ['of a URL', 'https://me:pw@h/simple?token=1#x', 'https://h/simple'],
  ['of what is no URL', 'https://me:pw@h:port/simple', 'https://h:port/simple'],
  ['of a path: nothing', '/srv/wheels', '/srv/wheels'],
] as const) {
  test(`takes credentials out ${why}`, () => assert.equal(withoutCredentials(raw), expected));
}
