import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSessionCookie } from './session-cookie.ts';

const expires = new Date('2026-11-24T00:00:00Z');

for (const [isSecure, name] of [
  [true, '__Host-wheelgate'],
  [false, 'wheelgate'],
] as const) {
  test(`a cookie ${isSecure ? 'over https is bound to it' : 'over http works there'}, and out of reach of scripts and other sites`, () => {
    const cookie = createSessionCookie(isSecure);
    const written = cookie.write('secret', expires);
    const [pair, ...attributes] = written.split('; ');
    assert.equal(pair, `${name}=secret`);
    assert.deepEqual(
      new Set(attributes),
      new Set([
        'Path=/',
        'HttpOnly',
        'SameSite=Lax',
        `Expires=${expires.toUTCString()}`,
        ...(isSecure ? ['Secure'] : []),
      ]),
    );
    assert.equal(cookie.read(`a=b; ${pair}; c`), 'secret');
    assert.match(cookie.clear(), new RegExp(`^${name}=; Max-Age=0; `));
  });
}

test('other cookies are none', () => {
  const cookie = createSessionCookie(true);
  for (const header of [undefined, '', 'wheelgate=x', ';;==', '__Host-wheelgate'])
    assert.equal(cookie.read(header), undefined);
});
