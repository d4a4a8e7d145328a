import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Command } from 'commander';
import { z } from 'zod';
import { addServe } from '../../src/cli/commands/serve.ts';
import { addWhy } from '../../src/cli/commands/why.ts';
import { configSchema, ENVIRONMENT } from '../../src/config.ts';
import { ROOT, readDocument, readTable, withoutTicks } from './markdown.ts';

const text = readDocument('docs/configuration.md');

type Schema = {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | false;
  readonly oneOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly default?: unknown;
};

/** Every key of the schema with its default as the table writes it. */
function* keysOf(schema: Schema, prefix = ''): Generator<readonly [string, string]> {
  for (const variant of schema.oneOf ?? []) yield* keysOf(variant, prefix);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const key = `${prefix}${name}`;
    const required = schema.required?.includes(name) === true;
    yield [key, required ? 'required' : property.default === undefined ? '–' : JSON.stringify(property.default)];
    yield* keysOf(property, `${key}.`);
    if (property.items) yield* keysOf(property.items, `${key}[].`);
    if (property.additionalProperties) yield* keysOf(property.additionalProperties, `${key}.<name>.`);
  }
}

test('docs/configuration.md has every key of wheelgate.toml with its default, and no other', () => {
  const documented = [...readTable(text, ['Key', 'Default', 'Means'])].map(([key, [value]]) => [
    key,
    withoutTicks(value!),
  ]);
  const schema = z.toJSONSchema(configSchema, { io: 'input' }) as Schema;
  assert.deepEqual(new Map(documented as [string, string][]), new Map(keysOf(schema)));
});

test('docs/configuration.md has every environment variable, and no other', () => {
  const documented = readTable(text, ['Variable', 'Sets']);
  for (const [variable, key] of Object.entries(ENVIRONMENT)) {
    assert.equal(withoutTicks(documented.get(variable)?.[0] ?? 'missing'), key, variable);
  }
  const source = readFileSync(`${ROOT}src/config.ts`, 'utf8');
  const read = new Set(source.match(/\bWHEELGATE_[A-Z_]+|\b(?:https?|no)_proxy\b/g));
  assert.deepEqual(new Set(documented.keys()), read);
});

test('docs/configuration.md has every flag that configures, and no other', () => {
  const root = new Command();
  const context = { program: undefined as never, terminal: undefined as never, version: '0', run: async () => {} };
  addServe(root, context);
  addWhy(root, context);
  const [serve, why] = root.commands.map(({ options }) => options.map(({ long }) => long!));
  const documented = readTable(text, ['Flag', 'Sets', 'On']);
  assert.deepEqual(new Set(documented.keys()), new Set(serve), 'serve takes every flag that configures');
  for (const [flag, [, on]] of documented) {
    if (on !== '`serve`') assert.ok(why!.includes(flag), `${flag} is one of every command`);
  }
});
