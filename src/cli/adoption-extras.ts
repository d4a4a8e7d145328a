import type { AdoptPlan, PlannedFile } from './adopter.ts';
import { CLIENT_SETTINGS } from './client-settings.ts';

/** Everything that adopting writes beside the lock: deleting the folder undoes it. */
export const ADOPTION_FOLDER = '.wheelgate';

const FILES: Readonly<Record<string, string>> = {
  pip: 'pip.conf',
  uv: 'uv.toml',
  poetry: 'poetry.toml',
  pdm: 'pdm.toml',
  pipenv: 'Pipfile.source',
};

/** Settings of the clients that the project seems to use, a snippet for CI, and the list of what is left to do. */
export function adoptionExtras(plan: AdoptPlan, indexUrl: string): readonly PlannedFile[] {
  const clients = clientsOf(plan.files);
  const settings = CLIENT_SETTINGS.filter(({ name }) => clients.has(name)).map(({ name, file, text, hint }) => ({
    path: `${ADOPTION_FOLDER}/${FILES[name]}`,
    text: `# ${file}\n${hint === undefined ? '' : `# ${hint}\n`}${text(indexUrl)}`,
  }));
  const lock = plan.writes.at(-1)?.path;
  return [
    ...settings,
    ...(lock === undefined ? [] : [{ path: `${ADOPTION_FOLDER}/ci.yml`, text: ciSnippet(lock, indexUrl) }]),
    { path: `${ADOPTION_FOLDER}/baseline.json`, text: baselineList(plan) },
  ];
}

function clientsOf(files: readonly string[]): ReadonlySet<string> {
  const has = (pattern: RegExp) => files.some((file) => pattern.test(file));
  const named = [
    ...(has(/uv\.lock$/) ? ['uv'] : []),
    ...(has(/poetry\.lock$/) ? ['poetry'] : []),
    ...(has(/pdm\.lock$/) ? ['pdm'] : []),
    ...(has(/Pipfile(?:\.lock)?$/) ? ['pipenv'] : []),
  ];
  return new Set(named.length > 0 ? named : ['pip', 'uv']);
}

function ciSnippet(lock: string, indexUrl: string): string {
  const root = indexUrl.replace(/\/simple\/$/, '');
  const install = lock.endsWith('.toml') ? `uv pip sync ${lock}` : `pip install --require-hashes -r ${lock}`;
  return `# A job for GitHub Actions; in another CI the three commands are the same.
jobs:
  dependencies:
    runs-on: ubuntu-latest
    env:
      WHEELGATE_URL: ${root}
      WHEELGATE_TOKEN: \${{ secrets.WHEELGATE_TOKEN }}
      PIP_INDEX_URL: ${indexUrl}
      UV_DEFAULT_INDEX: ${indexUrl}
    steps:
      - run: wheelgate lock --check ${lock}
      - run: wheelgate audit ${lock}
      - run: ${install}
`;
}

/** The burn-down list: what is used and not let in. Empty when there is nothing left to do. */
function baselineList({ releases }: AdoptPlan): string {
  const left = releases
    .filter(({ state }) => state !== 'baseline')
    .map(({ project, version, state, reason, reviewUrl }) => ({
      project,
      version,
      state,
      reason: reason ?? null,
      review: reviewUrl,
    }));
  return `${JSON.stringify({ schema: 'wheelgate.baseline/1', releases: left }, undefined, 2)}\n`;
}
