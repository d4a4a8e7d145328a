import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import type { Endpoint } from '../../api/endpoint.ts';
import { etagOf, expectUnchanged } from './etag.ts';

const read: Endpoint = {
  method: 'GET',
  path: '/things',
  summary: '',
  permission: 'none',
  about: 'gate',
  response: z.object({ a: z.number(), b: z.number() }),
};
/** As it was sent: in the order of the schema, without what the schema does not name. */
const sent = etagOf('{"a":1,"b":2}');

for (const [why, ifMatch] of [
  ['nobody asked', undefined],
  ['any state will do', '*'],
  ['it is as it was read', sent],
  ['it is one of several', `"x", ${sent}`],
] as const) {
  test(`an edit goes on: ${why}`, () => expectUnchanged(ifMatch, read, { b: 2, a: 1, secret: 3 }));
}

for (const [why, ifMatch, document] of [
  ['it was changed', sent, { a: 1, b: 3 }],
  ['a weak ETag promises too little (RFC 9110, 13.1.1)', `W/${sent}`, { a: 1, b: 2 }],
  ['no ETag at all', '', { a: 1, b: 2 }],
] as const) {
  test(`an edit is refused: ${why}`, () =>
    assert.throws(() => expectUnchanged(ifMatch, read, document), { code: 'PRECONDITION_FAILED' }));
}
