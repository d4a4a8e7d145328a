import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitCredentials } from './credentials.ts';

for (const [why, raw, url, pair] of [
  ['none', 'https://h/simple', 'https://h/simple', undefined],
  ['user and password', 'https://me:pw@h/simple', 'https://h/simple', 'me:pw'],
  ['a token alone', 'https://token@h/', 'https://h/', 'token:'],
  ['escapes', 'https://a%40b:p%3Aw@h/', 'https://h/', 'a@b:p:w'],
  ['a stray percent sign', 'https://me:100%@h/', 'https://h/', 'me:100%'],
] as const) {
  test(`splits ${why}`, () => {
    const split = splitCredentials(raw);
    assert.equal(split.url.href, url);
    const expected = pair === undefined ? undefined : `Basic ${Buffer.from(pair).toString('base64')}`;
    assert.equal(split.authorization, expected);
  });
}
