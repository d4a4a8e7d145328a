import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasCode } from '../errors.ts';
import { parseProjectName } from '../python/name.ts';
import { parseSha256 } from '../sha256.ts';
import { readHtmlPage } from './read-html.ts';
import { readJsonPage } from './read-json.ts';
import { renderHtmlPage } from './render-html.ts';
import { renderJsonPage } from './render-json.ts';
import type { ServedFile, ServedPage } from './served-page.ts';

const demo = parseProjectName('demo');
const folder = `packages/aa/bb/${'c'.repeat(60)}`;

const text = fc
  .string({ unit: 'binary', maxLength: 30 })
  .map((raw) => raw.replaceAll('\0', '').replace(/\r\n?/g, '\n'));
const version = fc.tuple(fc.nat(99), fc.nat(99)).map(([major, minor]) => `${major}.${minor}`);
const sha256 = fc.stringMatching(/^[0-9a-f]{64}$/).map(parseSha256);
const optional = <Value>(key: string, value: fc.Arbitrary<Value>) =>
  fc.option(value, { nil: undefined }).map((some) => (some === undefined ? {} : { [key]: some }));
const servedFile = fc
  .tuple(
    version,
    fc.constantFrom('-py3-none-any.whl', '+local-py3-none-any.whl', '.tar.gz', '.zip'),
    optional('sha256', sha256),
    optional('size', fc.nat()),
    optional('uploadTime', fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })),
    optional('requiresPython', text),
    optional('yanked', text),
    optional('coreMetadata', fc.oneof(fc.constant(true as const), sha256)),
    optional('provenance', fc.webUrl()),
  )
  .map(([number, end, ...parts]) => {
    const filename = `demo-${number}${end}`;
    return Object.assign({ filename, path: `${folder}/${filename}` }, ...parts) as ServedFile;
  });
const servedPage = fc.record({
  files: fc.uniqueArray(servedFile, { selector: ({ filename }) => filename, maxLength: 10 }),
  status: fc.constantFrom('active' as const, 'archived' as const, 'deprecated' as const, 'quarantined' as const),
  statusReason: text,
});

/** What a reader should find in a page that we wrote. `html`: that format has neither sizes nor upload times. */
function expected(file: ServedFile, isHtml: boolean) {
  const { path, size, uploadTime, provenance, ...rest } = file;
  const encoded = path.replace('+', '%2B');
  return {
    ...rest,
    url: `https://gate.example.org/${encoded}`,
    ...(!isHtml && size !== undefined && { size }),
    ...(!isHtml && uploadTime !== undefined && { uploadTime }),
    ...(provenance !== undefined && { provenance: withoutFragment(provenance) }),
  };
}

function withoutFragment(raw: string): string {
  const url = new URL(raw);
  url.hash = '';
  return url.href;
}

test('what is rendered reads back, in both formats', () => {
  fc.assert(
    fc.property(servedPage, ({ files, status, statusReason }) => {
      const page: ServedPage = { project: demo, status, statusReason, files, versions: [] };
      const url = 'https://gate.example.org/simple/demo/';
      const common = { project: demo, status, statusReason, problems: [] };
      assert.deepEqual(readJsonPage(renderJsonPage(page, '../../'), url, demo), {
        ...common,
        files: files.map((file) => expected(file, false)),
      });
      assert.deepEqual(readHtmlPage(renderHtmlPage(page, '../../'), url, demo), {
        ...common,
        files: files.map((file) => expected(file, true)),
      });
    }),
  );
});

/** Reads and gives back what came out; any error but PAGE_INVALID fails the test. */
function tryRead(read: () => { files: readonly { url: string }[] }) {
  try {
    return read().files;
  } catch (error) {
    if (!hasCode(error, 'PAGE_INVALID')) throw error;
    return [];
  }
}

function assertFetchable(files: readonly { url: string }[]): void {
  for (const { url } of files) {
    const { protocol, username, password } = new URL(url);
    assert.match(protocol, /^https?:$/, url);
    assert.equal(username + password, '', url);
  }
}

test('no text makes the HTML reader fail or hand out an address that is not to be fetched', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '<a href="',
      '">',
      '</a>',
      '<base href="',
      'file:///',
      'https://u:p@h/',
      '#sha256=',
      '<meta name="pypi:',
      '<!--',
      '&#0;',
      "'",
      '%',
    ),
    fc.string({ maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      assertFetchable(tryRead(() => readHtmlPage(pieces.join(''), 'https://h/simple/demo/', demo)));
    }),
    { numRuns: 500 },
  );
});

test('no JSON makes the JSON reader fail or hand out an address that is not to be fetched', () => {
  const key = fc.constantFrom(
    'filename',
    'url',
    'hashes',
    'size',
    'upload-time',
    'yanked',
    'core-metadata',
    'provenance',
    'x',
  );
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('demo-1.0.tar.gz', 'file:///etc/passwd', 'https://u:p@h/demo-1.0.tar.gz', '2026-01-01T00:00:00Z'),
  );
  const file = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.dictionary(key, value));
  fc.assert(
    fc.property(fc.array(file, { maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), (files, status) => {
      const page = { meta: { 'api-version': '1.4' }, name: 'demo', 'project-status': status, files };
      assertFetchable(tryRead(() => readJsonPage(JSON.stringify(page), 'https://h/simple/demo/', demo)));
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.json(), (any) => assertFetchable(tryRead(() => readJsonPage(any, 'https://h/simple/demo/', demo)))),
  );
});
