import { aSdist, aSdistName } from '../../builders/a-sdist.ts';
import { aWheel, aWheelName, type WheelOver } from '../../builders/a-wheel.ts';
import { type FakeIndex, startFakeIndex } from '../../fakes/fake-index.ts';

const DAY_MS = 86_400_000;
const OLD = new Date(Date.now() - 300 * DAY_MS);
const YOUNG = new Date(Date.now() - 2 * DAY_MS);

/** The policy of the tests: one cooldown for all, so that what one test installs does not change another's text; no sdists. */
export const POLICY = `[rules.cooldown]
new_project = "7d"
update = "7d"
[rules.source-build]
quiet_analysis = "hold"
`;
/** Why everything young is held under it. */
export const YOUNG_REASON = `uploaded 2 days ago, cooldown ends ${new Date(YOUNG.getTime() + 7 * DAY_MS).toISOString().slice(0, 10)}`;
/** The malware report that names `reported-bad`, as an OSV record. */
export const MALWARE_REPORT = {
  schema_version: '1.7.4',
  id: 'MAL-2026-4711',
  modified: '2026-01-02T00:00:00Z',
  summary: 'Sends the environment to a stranger',
  affected: [{ package: { ecosystem: 'PyPI', name: 'reported-bad' }, versions: ['1.0'] }],
};

type Wheel = WheelOver & { readonly project: string; readonly version: string };
type Listing = { readonly uploadTime?: Date; readonly digestOfMetadata?: boolean };

/**
 * The index behind the gate. A project's name says what is the matter with it; a release is old unless it is said to be
 * young. Like PyPI it lists the digest of each wheel's metadata, but for `plain-listing` and `slow-for-pdm`.
 */
export async function startScriptedUpstream(): Promise<FakeIndex> {
  const index = await startFakeIndex();

  function add(wheel: Wheel, { uploadTime = OLD, digestOfMetadata = true }: Listing = {}): void {
    const metadata = metadataOf(wheel);
    const over = digestOfMetadata ? { uploadTime, metadata } : { uploadTime };
    index.addFile(wheel.project, aWheelName(wheel), aWheel({ ...wheel, metadata }), over);
  }

  add({ project: 'falls-back', version: '1.0' });
  add({ project: 'falls-back', version: '1.1' });
  add({ project: 'falls-back', version: '2.0' }, { uploadTime: YOUNG });
  add({ project: 'wants-any', version: '1.0', requires: ['falls-back>=1'] });
  add({ project: 'wants-young', version: '1.0', requires: ['falls-back==2.0'] });
  add({ project: 'plain-listing', version: '1.0', requires: ['falls-back'] }, { digestOfMetadata: false });
  add({ project: 'only-young', version: '1.0' }, { uploadTime: YOUNG });
  add({ project: 'candidate-first', version: '1.0rc1' });
  add({ project: 'candidate-first', version: '1.0' }, { uploadTime: YOUNG });
  add({ project: 'mixed-files', version: '1.0' });
  add({ project: 'mixed-files', version: '2.0' });
  add({ project: 'mixed-files', version: '2.0', tag: 'cp311-none-any' }, { uploadTime: YOUNG });
  add({ project: 'reported-bad', version: '1.0' });
  add({ project: 'reqeusts', version: '2.0' });
  add({ project: 'taken-back', version: '1.0' });
  add({ project: 'taken-back', version: '1.1' });
  add({ project: 'Spelled.Oddly_Here', version: '1.0', requires: ['falls-back; extra == "more"'] });
  add({ project: 'wheel-and-sdist', version: '1.0' });
  for (const project of ['source-only', 'wheel-and-sdist']) {
    const sdist = { project, version: '1.0' };
    index.addFile(project, aSdistName(sdist), aSdist(sdist), { uploadTime: OLD });
  }
  for (const who of ['pip', 'uv', 'poetry', 'pdm', 'pipenv', 'piptools']) {
    add({ project: `let-in-for-${who}`, version: '1.0' }, { uploadTime: YOUNG });
  }
  for (const who of ['pip', 'uv', 'poetry', 'pdm', 'pipenv', 'piptools', 'nobody']) {
    add({ project: `slow-for-${who}`, version: '1.0', requires: ['falls-back'] }, { digestOfMetadata: who !== 'pdm' });
  }
  // Each file of these takes 16 seconds: longer than pip is kept waiting, shorter than uv waits.
  index.slowMs = 800;
  index.fail('/slow_for_', 'slow');
  return index;
}

function metadataOf({ project, version, requires = [] }: Wheel): string {
  const extras = requires.some((requirement) => requirement.includes('extra == "more"'))
    ? ['Provides-Extra: more']
    : [];
  return [
    'Metadata-Version: 2.1',
    `Name: ${project}`,
    `Version: ${version}`,
    ...extras,
    ...requires.map((requirement) => `Requires-Dist: ${requirement}`),
    '',
    '',
  ].join('\n');
}
