import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { anAdvisory, anAffected } from '../../../test/builders/an-advisory.ts';
import { parseProjectName } from '../python/name.ts';
import { compareVersions, parseVersion, publicVersion, tryParseVersion, type Version } from '../python/version.ts';
import type { AdvisoryRange, RangeEvent } from './advisory.ts';
import { compileAdvisories } from './compile.ts';
import { createReleaseMatcher } from './release-matcher.ts';

const DEMO = parseProjectName('demo');

const versionText = fc.constantFrom(
  ...['0', '0.dev0', '0.9', '1.0', '1.0.0', '1.0a1', '1.0.post1', '1.0+x', '1.0+x.1', '1.1', '1.1.dev2', '1.10', '2.0'],
  ...['2.0+cu118', '2022.12.07', '2022.12.7', '1!0.1', '1!1.0'],
);
const anyText = fc.oneof({ weight: 9, arbitrary: versionText }, fc.constantFrom('0.7.10p1', '2019-09-12', ''));
const event: fc.Arbitrary<RangeEvent> = fc.record({
  type: fc.constantFrom('introduced', 'introduced', 'fixed', 'last_affected', 'limit'),
  version: anyText,
});
const range: fc.Arbitrary<AdvisoryRange> = fc.array(event, { minLength: 1, maxLength: 7 });
const entry = fc.record({ versions: fc.array(anyText, { maxLength: 4 }), ranges: fc.array(range, { maxLength: 3 }) });

/** The rules one by one, for one version and one range, as slow as they come. */
function isInside(events: AdvisoryRange, version: Version): boolean {
  const place = (bound: Version) =>
    compareVersions(bound.local ? version : parseVersion(publicVersion(version)), bound);
  const order = ['introduced', 'last_affected', 'fixed'];
  const steps = events
    .filter(({ type }) => type !== 'limit')
    .map(({ type, version: text }) => ({
      type,
      bound: tryParseVersion(text),
      first: type === 'introduced' && text === '0',
    }))
    .map((step) => ({ ...step, first: step.first || (step.type === 'introduced' && step.bound === undefined) }))
    .filter(({ bound, first }) => bound !== undefined || first)
    .sort((a, b) => {
      if (a.first || b.first) return Number(b.first) - Number(a.first);
      return compareVersions(a.bound!, b.bound!) || order.indexOf(a.type) - order.indexOf(b.type);
    });
  let inside = false;
  for (const { type, bound, first } of steps) {
    if (type === 'introduced' && (first || place(bound!) >= 0)) inside = true;
    if (type === 'fixed' && place(bound!) >= 0) inside = false;
    if (type === 'last_affected' && place(bound!) > 0) inside = false;
  }
  const limits = events.filter(({ type }) => type === 'limit').map((it) => tryParseVersion(it.version));
  const unlimited = limits.length === 0 || limits.includes(undefined);
  return inside && (unlimited || limits.some((limit) => place(limit!) < 0));
}

function isListed(versions: readonly string[], version: Version): boolean {
  const bare = parseVersion(publicVersion(version));
  return versions
    .map(tryParseVersion)
    .some((it) => it !== undefined && (compareVersions(it, version) === 0 || compareVersions(it, bare) === 0));
}

test('a release matches exactly when the rules, followed one by one, say so', () => {
  fc.assert(
    fc.property(entry, versionText, ({ versions, ranges }, text) => {
      const version = parseVersion(text);
      const advisory = anAdvisory({ affected: [anAffected({ versions, ranges })] });
      const [match] = createReleaseMatcher(compileAdvisories(DEMO, [advisory]))(version);
      const inside = ranges.some((events) => isInside(events, version));
      const listed = isListed(versions, version);
      const expected = inside && listed ? 'both' : inside ? 'range' : listed ? 'listed' : undefined;
      assert.equal(match?.matchedBy, expected);
    }),
    { numRuns: 2_000 },
  );
});

test('the order of events, versions, ranges and records does not matter', () => {
  const shuffled = fc.array(entry, { minLength: 1, maxLength: 3 }).chain((entries) =>
    fc.record({
      entries: fc.constant(entries),
      turned: fc.constant(
        entries
          .map(({ versions, ranges }) => ({
            versions: versions.toReversed(),
            ranges: ranges.map((events) => events.toReversed()).toReversed(),
          }))
          .reverse(),
      ),
    }),
  );
  const match = (
    entries: readonly { versions: string[]; ranges: AdvisoryRange[] }[],
    reverse: boolean,
    text: string,
  ) => {
    const advisories = entries.map((it, at) =>
      anAdvisory({ id: `PYSEC-2026-${reverse ? entries.length - 1 - at : at}`, affected: [anAffected(it)] }),
    );
    // Equal versions may be written in several ways, and either spelling of a fix may be told.
    return createReleaseMatcher(compileAdvisories(DEMO, advisories))(text).map((it) => ({
      ...it,
      fixed: it.fixed.length,
    }));
  };
  fc.assert(
    fc.property(shuffled, versionText, ({ entries, turned }, text) => {
      assert.deepEqual(match(turned, true, text), match(entries, false, text));
    }),
  );
});

test('one more record never takes a match away', () => {
  fc.assert(
    fc.property(fc.array(entry, { minLength: 2, maxLength: 4 }), anyText, (entries, text) => {
      const advisories = entries.map((it, at) => anAdvisory({ id: `PYSEC-2026-${at}`, affected: [anAffected(it)] }));
      const ids = (some: typeof advisories) =>
        createReleaseMatcher(compileAdvisories(DEMO, some))(text).map(({ id }) => id);
      const all = new Set(ids(advisories));
      for (const id of ids(advisories.slice(1))) assert.ok(all.has(id));
    }),
  );
});

test('spelling of the version asked for does not matter', () => {
  const spellings = fc.constantFrom(
    ['1.0a1', '1.0-ALPHA.1'],
    ['1.0', 'v1.0.0'],
    ['1.0.post1', '1.0-1'],
    ['2.0+cu118', '2+CU118'],
  );
  fc.assert(
    fc.property(entry, spellings, (it, [a, b]) => {
      const match = createReleaseMatcher(compileAdvisories(DEMO, [anAdvisory({ affected: [anAffected(it)] })]));
      assert.deepEqual(match(a!), match(b!));
    }),
  );
});
