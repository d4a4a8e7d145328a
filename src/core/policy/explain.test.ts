import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { explainRefusal } from './explain.ts';
import type { Verdict } from './verdict.ts';

const held: Verdict = {
  kind: 'hold',
  reasons: [
    { rule: 'cooldown', effect: 'hold', message: 'uploaded 2 days ago, cooldown ends 2026-11-25' },
    { rule: 'yanked', effect: 'note', message: 'yanked upstream' },
  ],
};

test('says verdict, reason and link in every channel', () => {
  assert.deepEqual(explainRefusal(held, 'alpha 2.0', 'http://gate/r/alpha/2.0'), {
    phrase: 'held by Wheelgate: uploaded 2 days ago, cooldown ends 2026-11-25; http://gate/r/alpha/2.0',
    title: 'alpha 2.0 is held by Wheelgate',
    detail: 'Uploaded 2 days ago, cooldown ends 2026-11-25. Details and how to approve: http://gate/r/alpha/2.0',
    yankReason: 'held by Wheelgate: uploaded 2 days ago, cooldown ends 2026-11-25; http://gate/r/alpha/2.0',
    slug: 'held-by-Wheelgate-uploaded-2-days-ago-cooldown-ends-2026-11-25',
  });
});

test('other reasons follow in the detail, but not that nobody looked yet', () => {
  const pending = { rule: 'evidence', effect: 'hold', message: 'not inspected yet', pending: true } as const;
  const sdist = { rule: 'source-build', effect: 'hold', message: 'an sdist' } as const;
  const detailOf = (reasons: Verdict['reasons']) =>
    explainRefusal({ kind: 'hold', reasons }, 'alpha 2.0', 'http://gate/r/alpha/2.0').detail;
  assert.match(detailOf([...held.reasons, sdist, pending]), /ends 2026-11-25\. Also: an sdist\. Details/);
  assert.match(detailOf([...held.reasons, pending]), /ends 2026-11-25\. Details/);
  assert.match(detailOf([pending]), /^Not inspected yet\. Details/);
});

test('the phrase is one printable ASCII line of at most 150 characters that keeps the link', () => {
  const url = 'http://gate.example.com:8080/r/some-project/1.2.3';
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 }),
      fc.constantFrom('hold' as const, 'block' as const),
      (message, kind) => {
        const { phrase, title, detail, yankReason, slug } = explainRefusal(
          { kind, reasons: [{ rule: 'x', effect: kind, message }] },
          'p 1',
          url,
        );
        assert.ok(phrase.length <= 150);
        assert.ok(phrase.endsWith(url));
        assert.match(slug, /^[A-Za-z0-9-]{1,150}$/);
        for (const text of [phrase, title, detail, yankReason]) assert.match(text, /^[\x20-\x7e]+$/);
      },
    ),
  );
});
