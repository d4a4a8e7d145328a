import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import Fastify from 'fastify';
import { pino } from 'pino';
import { anAdvisory } from '../../../test/builders/an-advisory.ts';
import type { Advisory } from '../../core/advisories/advisory.ts';
import { osvRecordId, parseOsvRecord } from '../../core/advisories/osv.ts';
import { parseProjectName } from '../../core/python/name.ts';
import type { QueryOsv } from '../../gate/query-osv.ts';
import { addOsvRoutes } from './osv.ts';

const TIME = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' };
const TEXTS = { type: 'array', items: { type: 'string' } };
const EVENT = (name: string) => ({
  type: 'object',
  required: [name],
  additionalProperties: false,
  properties: { [name]: { type: 'string', minLength: 1 } },
});
const SEVERITY = {
  type: 'array',
  items: {
    type: 'object',
    required: ['type', 'score'],
    properties: { type: { enum: ['CVSS_V2', 'CVSS_V3', 'CVSS_V4'] }, score: { type: 'string' } },
  },
};

/** What the OSV schema, 1.7, demands of a record as far as ours have it, in our words. */
const RECORD = {
  type: 'object',
  required: ['id', 'modified'],
  additionalProperties: false,
  properties: {
    schema_version: { type: 'string', pattern: '^1\\.\\d+\\.\\d+$' },
    id: { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_]*-' },
    modified: TIME,
    published: TIME,
    withdrawn: TIME,
    aliases: { ...TEXTS, uniqueItems: true },
    summary: { type: 'string' },
    details: { type: 'string' },
    severity: SEVERITY,
    database_specific: { type: 'object' },
    affected: {
      type: 'array',
      items: {
        type: 'object',
        required: ['package'],
        properties: {
          package: {
            type: 'object',
            required: ['ecosystem', 'name'],
            properties: {
              ecosystem: { const: 'PyPI' },
              name: { type: 'string' },
              purl: { type: 'string', pattern: '^pkg:pypi/' },
            },
          },
          severity: SEVERITY,
          versions: TEXTS,
          ranges: {
            type: 'array',
            items: {
              type: 'object',
              required: ['type', 'events'],
              properties: {
                type: { const: 'ECOSYSTEM' },
                events: {
                  type: 'array',
                  minItems: 1,
                  contains: EVENT('introduced'),
                  items: { oneOf: ['introduced', 'fixed', 'last_affected', 'limit'].map(EVENT) },
                },
              },
            },
          },
        },
      },
    },
  },
};
const VULNS = { type: 'array', minItems: 1, items: RECORD };
const SHORT = {
  type: 'object',
  required: ['id', 'modified'],
  additionalProperties: false,
  properties: { id: { type: 'string' }, modified: TIME },
};
const PAGE = (vulns: object) => ({
  type: 'object',
  additionalProperties: false,
  properties: { vulns, next_page_token: { type: 'string', minLength: 1 } },
});
const BATCH = {
  type: 'object',
  required: ['results'],
  additionalProperties: false,
  properties: { results: { type: 'array', items: PAGE({ type: 'array', items: SHORT }) } },
};
const ERROR = {
  type: 'object',
  required: ['code', 'message'],
  additionalProperties: false,
  properties: { code: { type: 'integer' }, message: { type: 'string' } },
};

function check(schema: object, value: unknown): void {
  const validate = new Ajv({ strict: false }).compile(schema);
  assert.ok(validate(value), JSON.stringify(validate.errors));
}

function ask(known: readonly Advisory[], fail = false) {
  const app = Fastify({ loggerInstance: pino({ level: 'silent' }) });
  const query: QueryOsv = {
    async query() {
      if (fail) throw new Error('the disk is gone, at /var/lib/secret');
      return known;
    },
    record: async (id) => known.find((one) => one.id === id),
  };
  addOsvRoutes(app as never, query, { admit: async () => undefined as never });
  return async (method: 'GET' | 'POST', url: string, payload?: unknown) => {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const answer = await app.inject({ method, url, ...(payload !== undefined && { payload: text }) });
    return { status: answer.statusCode, type: answer.headers['content-type'], json: answer.json() as never };
  };
}

const demo = { package: { name: 'demo', ecosystem: 'PyPI' }, version: '1.0' };
const many = Array.from({ length: 2_500 }, (_, at) => anAdvisory({ id: `X-${String(at).padStart(4, '0')}` }));

for (const [why, path, wrap, read] of [
  ['a query', '/v1/query', (one: object) => one, (json: never) => json],
  [
    'a batch',
    '/v1/querybatch',
    (one: object) => ({ queries: [one] }),
    (json: { results: never[] }) => json.results[0]!,
  ],
] as const) {
  test(`${why} of more than a thousand records comes in pages, each record once`, async () => {
    const request = ask(many);
    const ids: string[] = [];
    const sizes: number[] = [];
    for (let token = ''; ; ) {
      const { status, json } = await request('POST', path, wrap({ ...demo, ...(token && { page_token: token }) }));
      assert.equal(status, 200);
      check(path === '/v1/query' ? PAGE(VULNS) : BATCH, json);
      const page = read(json) as { vulns?: readonly { id: string }[]; next_page_token?: string };
      ids.push(...(page.vulns ?? []).map(({ id }) => id));
      sizes.push(page.vulns?.length ?? 0);
      token = page.next_page_token ?? '';
      if (token === '') break;
    }
    assert.deepEqual(sizes, [1_000, 1_000, 500]);
    assert.deepEqual(
      ids,
      many.map(({ id }) => id),
    );
  });
}

test('in a batch only the query that has more says so', async () => {
  const { json } = await ask(many)('POST', '/v1/querybatch', {
    queries: [demo, { ...demo, page_token: '2000' }, { package: { name: 'demo', ecosystem: 'npm' } }],
  });
  const { results } = json as { results: readonly { vulns?: readonly object[]; next_page_token?: string }[] };
  assert.deepEqual(
    results.map(({ vulns, next_page_token }) => [vulns?.length, next_page_token]),
    [
      [1_000, '1000'],
      [500, undefined],
      [undefined, undefined],
    ],
  );
});

test('records are those of the schema, whatever they hold, and read back as they were', async () => {
  const full = anAdvisory({
    id: 'PYSEC-2026-1',
    aliases: ['CVE-2026-1'],
    summary: 'It leaks',
    published: '2026-01-01T00:00:00Z',
    withdrawn: '2026-02-01T00:00:00.123456Z',
    affected: [
      {
        project: parseProjectName('demo'),
        versions: ['1.0', 'odd text'],
        ranges: [
          [
            { type: 'introduced', version: '0' },
            { type: 'fixed', version: '2.0' },
          ],
        ],
        sha256: ['a'.repeat(64) as never],
      },
    ],
  });
  const { status, json } = await ask([full])('GET', '/v1/vulns/PYSEC-2026-1');
  assert.equal(status, 200);
  check(RECORD, json);
  assert.equal(osvRecordId(json), full.id);
  assert.deepEqual(parseOsvRecord(json)?.affected[0]?.versions, full.affected[0]!.versions);
});

for (const [why, method, path, body, status, code] of [
  ['no JSON', 'POST', '/v1/query', '{', 400, 3],
  ['no package', 'POST', '/v1/query', {}, 400, 3],
  ['a page that nobody named', 'POST', '/v1/query', { ...demo, page_token: '-1' }, 400, 3],
  ['one bad query in a batch', 'POST', '/v1/querybatch', { queries: [demo, {}] }, 400, 3],
  ['too many queries', 'POST', '/v1/querybatch', { queries: Array.from({ length: 1_001 }, () => demo) }, 400, 3],
  ['an unknown record', 'GET', '/v1/vulns/X-1', undefined, 404, 5],
] as const) {
  test(`errors are OSV's: ${why}`, async () => {
    const answer = await ask([])(method, path, body);
    check(ERROR, answer.json);
    assert.deepEqual([answer.status, (answer.json as { code: number }).code], [status, code]);
    assert.match(String(answer.type), /^application\/json/);
  });
}

test('a failure of ours is an error of OSV that says nothing about us', async () => {
  const { status, json } = await ask([], true)('POST', '/v1/query', demo);
  check(ERROR, json);
  assert.deepEqual([status, json], [500, { code: 13, message: 'Internal error.' }]);
});
