import assert from 'node:assert/strict';
import test, { before } from 'node:test';
import type { Advisory } from '../../core/advisories/advisory.ts';
import { compileAdvisories } from '../../core/advisories/compile.ts';
import { createReleaseMatcher } from '../../core/advisories/release-matcher.ts';
import { type ProjectName, parseProjectName } from '../../core/python/name.ts';
import { loadSnapshot } from './snapshot.ts';

// Real records with all their flaws: what is checked here is that no flaw hides a release.

const byProject = new Map<ProjectName, Advisory[]>();

before(async () => {
  for await (const entry of (await loadSnapshot()).entries) {
    assert.ok(entry.kind === 'advisory');
    for (const { project } of entry.advisory.affected) {
      const there = byProject.get(project);
      if (there) there.push(entry.advisory);
      else byProject.set(project, [entry.advisory]);
    }
  }
});

function matcherOf(name: string) {
  const project = parseProjectName(name);
  return createReleaseMatcher(compileAdvisories(project, byProject.get(project) ?? []));
}

/** How the record with this id matches, or undefined. */
function how(name: string, version: string, id: string): string | undefined {
  const match = matcherOf(name)(version).find((it) => it.id === id || it.aliases.includes(id));
  return match && [match.matchedBy, match.confidence, ...(match.degraded ? ['degraded'] : [])].join(' ');
}

for (const [id, project, version, expected] of [
  // Unsorted windows.
  ['PYSEC-2024-36', 'ansible-core', '2.14.3', 'both high'],
  ['PYSEC-2024-36', 'ansible-core', '2.14.4', undefined],
  ['PYSEC-2024-36', 'ansible-core', '2.15.8', 'both high'],
  ['PYSEC-2024-36', 'ansible-core', '2.15.9', undefined],
  ['PYSEC-2024-36', 'ansible-core', '2.16.2', 'both high'],
  ['PYSEC-2024-36', 'ansible-core', '2.16.3', undefined],
  ['PYSEC-2024-36', 'ansible-core', '2.17.0', undefined],
  // Listed outside every range.
  ['PYSEC-2023-61', 'django', '3.2a1', 'listed contested'],
  // GIT range first, then the one that counts.
  ['PYSEC-2023-74', 'requests', '2.30.0', 'both high'],
  ['PYSEC-2023-74', 'requests', '2.31.0', undefined],
  // Written 2022.12.07 by some records and 2022.12.7 by the index.
  ['PYSEC-2022-42986', 'certifi', '2022.9.24', 'both high'],
  ['PYSEC-2022-42986', 'certifi', '2022.12.7', undefined],
  ['MAL-0001-00101', 'aio5', '0.2.9', 'listed high'],
  ['MAL-0001-00101', 'aio5', '0.2.8', undefined],
] as const) {
  test(`${project} ${version} and ${id}: ${expected ?? 'not affected'}`, () => {
    assert.equal(how(project, version, id), expected);
  });
}

for (const id of ['PYSEC-2019-125', 'PYSEC-2021-371']) {
  test(`${id} has a fix that cannot be ordered: every version matches, marked as degraded`, () => {
    const [project] = [...byProject].find(([, advisories]) => advisories.some((it) => it.id === id))!;
    assert.match(how(project, '99999', id) ?? '', /^range low degraded$/);
  });
}

test('every version that a record lists is a match of that record, also where it is no PEP 440 version', () => {
  let checked = 0;
  for (const [project, advisories] of byProject) {
    const match = matcherOf(project);
    for (const { id, withdrawn, affected } of advisories) {
      if (withdrawn !== undefined) continue;
      for (const version of affected.filter((entry) => entry.project === project).flatMap((entry) => entry.versions)) {
        const found = match(version).find((it) => it.id === id || it.aliases.includes(id));
        assert.ok(found, `${id} lists ${project} ${version}`);
        assert.notEqual(found.matchedBy, 'unversionable');
        checked++;
      }
    }
  }
  assert.ok(checked > 100_000, `only ${checked} versions`);
});
