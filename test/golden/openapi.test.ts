import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Endpoint } from '../../src/api/endpoint.ts';
import { ENDPOINTS } from '../../src/api/endpoints.ts';
import { renderOpenApi } from '../../src/server/api/openapi.ts';
import { readDocument, readTable } from '../docs/markdown.ts';

// What `GET /api/v1/openapi.json` answers. UPDATE_GOLDEN=1 writes it anew.

const FILE = fileURLToPath(new URL('openapi.json', import.meta.url));
const text = `${JSON.stringify(renderOpenApi(ENDPOINTS, '0.0.0'), null, 2)}\n`;
if (process.env.UPDATE_GOLDEN === '1') writeFileSync(FILE, text);
const operations = Object.entries(ENDPOINTS) as [string, Endpoint][];

test('the OpenAPI document is the golden one', () => {
  assert.equal(text, readFileSync(FILE, 'utf8'));
});

test('every reference within the document leads somewhere', () => {
  const { components } = JSON.parse(text);
  const references = [...text.matchAll(/"\$ref": "#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!);
  assert.ok(references.length > operations.length);
  for (const name of references) assert.ok(name in components.schemas, name);
});

for (const [name, { path, params, method, body }] of operations) {
  test(`${name}: the parameters of its path are those of its schema`, () => {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter!);
    assert.deepEqual(named, Object.keys(params?.shape ?? {}));
    assert.ok(method !== 'GET' || body === undefined, 'a GET has no body');
  });
}

test('docs/api.md has every operation with its permission, and no other', () => {
  const documented = [...readTable(readDocument('docs/api.md'), ['Operation', 'Request', 'Permission', 'Does'])].map(
    ([name, [request, permission, does]]) => [name, request, permission, does],
  );
  const expected = operations.map(([name, { method, path, permission, summary }]) => [
    name,
    `\`${method} ${path}\``,
    permission === 'none' || permission === 'signed-in' ? permission : `\`${permission}\``,
    summary,
  ]);
  assert.deepEqual(documented.sort(), expected.sort());
});
