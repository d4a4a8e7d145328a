import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findRun, isBlank, isNewline } from './find-run.ts';

test('finds the run that a pattern finds, wherever it stands', () => {
  const text = fc.array(fc.oneof(fc.constantFrom(' ', '\t', '\n', 'x', '#', '    ', '  \f\t  '), fc.string()));
  fc.assert(
    fc.property(text, (parts) => {
      const source = parts.join('');
      const found = /(?<![ \t\f])[ \t\f]{5,}[^\s#]/.exec(source);
      const run = findRun(source, isBlank, 5, (next) => /[^\s#]/.test(next));
      assert.deepEqual(run?.start, found?.index);
      if (run !== undefined) assert.equal(run.end - run.start, found![0].length - 1);
    }),
  );
});

test('a run at the very end counts where nothing has to follow', () => {
  assert.deepEqual(
    findRun('a\n\n\n\n', isNewline, 4, () => true),
    { start: 1, end: 5 },
  );
  assert.equal(
    findRun('a\n\n\n\n', isNewline, 5, () => true),
    undefined,
  );
});
