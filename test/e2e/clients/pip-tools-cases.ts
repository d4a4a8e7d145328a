import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type ClientLab, fails, passes, type Workspace } from './client-lab.ts';

export function pipToolsCases(lab: () => ClientLab): void {
  let workspace: Workspace;
  before(async () => {
    workspace = await lab().workspace();
    await workspace.write('pip.conf', await lab().setup('pip'));
  });

  async function compile(...requirements: readonly string[]) {
    await workspace.remove('out.txt');
    await workspace.write('in.txt', `${requirements.join('\n')}\n`);
    return workspace.pipCompile('--quiet', '--generate-hashes', '--output-file', 'out.txt', 'in.txt');
  }
  const refused = (release: string) =>
    `403 Client Error: ${lab().held(release).phrase} for url: ${lab().gate.url}/packages/`;

  test('pip-compile takes what is let in, with the digests that the gate serves', async () => {
    passes(await compile('wants-any', 'mixed-files', 'wheel-and-sdist'));
    const compiled = await workspace.read('out.txt');
    for (const [project, version] of [
      ['falls-back', '1.1'],
      ['wants-any', '1.0'],
      ['mixed-files', '2.0'],
      ['wheel-and-sdist', '1.0'],
    ] as const) {
      const files = (await lab().page(project)).filter(({ filename }) => filename.includes(`-${version}`));
      const hashes = files.map(({ hashes }) => hashes.sha256).sort();
      const entry = new RegExp(`^${project}==${version}((?: \\\\\\n {4}--hash=sha256:[0-9a-f]{64})+)`, 'm').exec(
        compiled,
      );
      assert.deepEqual(entry?.[1]?.match(/[0-9a-f]{64}/g), hashes, compiled);
    }
  });

  test('what is held says why', async () => {
    fails(await compile('falls-back==2.0'), 1, refused('falls-back==2.0'));
  });

  test('an approval makes the same command pass', async () => {
    fails(await compile('let-in-for-piptools'), 1, refused('let-in-for-piptools==1.0'));
    await lab().decide('approve', 'let-in-for-piptools==1.0');
    passes(await compile('let-in-for-piptools'));
  });
}
