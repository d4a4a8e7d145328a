import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createMetrics } from '../../src/server/metrics.ts';
import { ROOT, readDocument, readTable } from './markdown.ts';

const text = readDocument('docs/operations.md');

test('docs/operations.md has every metric of ours with its labels and help text', () => {
  const own = createMetrics()
    .registry.getMetricsAsArray()
    .filter(({ name }) => !/^wheelgate_(?:process|nodejs)_/.test(name))
    .map((metric) => {
      const { labelNames } = metric as unknown as { readonly labelNames: readonly string[] };
      return [metric.name, [labelNames.map((label) => `\`${label}\``).join(', ') || '–', metric.help]] as const;
    });
  assert.deepEqual(readTable(text, ['Metric', 'Labels', 'Means']), new Map(own));
});

test('docs/operations.md has every audit event, and no other', () => {
  const source = readFileSync(`${ROOT}src/core/audit/event.ts`, 'utf8');
  const types = [...source.matchAll(/^ {4}\| '([a-z.-]+)'/gm)].map(([, type]) => type);
  assert.ok(types.length > 5);
  assert.deepEqual([...readTable(text, ['Event', 'When']).keys()], types);
});
