import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHtmlList, readJsonList } from './read-list.ts';
import { renderHtmlList } from './render-html.ts';
import { renderJsonList } from './render-json.ts';

const NAMES = ['Demo', 'zope.interface', 'a'];

test('a rendered list reads back', () => {
  assert.deepEqual(readJsonList(renderJsonList(NAMES)), NAMES);
  assert.deepEqual(readHtmlList(renderHtmlList(NAMES)), NAMES);
});

test('an HTML list links to normalised names', () => {
  assert.match(renderHtmlList(NAMES), /<a href="zope-interface\/">zope\.interface<\/a>/);
});

test('what is no name is left out', () => {
  const projects = [{ name: 'demo' }, { name: '../x' }, { name: 1 }, null, 'demo2'];
  assert.deepEqual(readJsonList(JSON.stringify({ meta: { 'api-version': '1.0' }, projects })), ['demo']);
  assert.deepEqual(
    readHtmlList('<a href="../">../</a><a href="demo/">demo/</a><a>text</a><a href="x"><b>b</b>old</a>'),
    ['demo', 'bold'],
  );
  assert.doesNotMatch(renderHtmlList(['<script>']), /script/);
});

for (const [why, text] of [
  ['not JSON', 'x'],
  ['a page', '{"meta":{"api-version":"1.0"},"name":"demo","files":[]}'],
  ['another major version', '{"meta":{"api-version":"2.0"},"projects":[]}'],
] as const) {
  test(`refuses ${why}`, () => assert.throws(() => readJsonList(text), { code: 'PAGE_INVALID' }));
}
