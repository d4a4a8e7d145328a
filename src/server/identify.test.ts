import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { judgeReleases } from '../api/verdict.ts';
import { hasCode } from '../core/errors.ts';
import { createIdentify } from './identify.ts';

test('changes are counted, questions that need a body are not', async () => {
  const identify = createIdentify({
    authenticate: { token: async () => undefined, session: async () => undefined },
    cookie: { read: () => undefined } as never,
    addressOf: () => '192.0.2.1',
    anonymous: 'read',
    loginsPerMinute: 1,
    writesPerMinute: 1,
  });
  const request = { headers: {} } as IncomingMessage;
  const { isQuestion: _, ...change } = judgeReleases;
  for (let asked = 0; asked < 3; asked++) await identify.forApi(request, judgeReleases);
  await identify.forApi(request, change);
  await assert.rejects(identify.forApi(request, change), (error) => hasCode(error, 'RATE_LIMITED'));
});
