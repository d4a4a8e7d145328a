import { readFile } from 'node:fs/promises';
import { WheelgateError } from '../../core/errors.ts';
import type { Resolution, ResolveRequest } from '../../core/lock/resolution.ts';
import { readUvCompiled } from '../../core/lock/uv-compiled.ts';
import { quoted } from '../../core/python/quoted.ts';
import type { Resolver } from '../../gate/ports.ts';
import { isElsewhere, RESOLVE_WITHIN_MS, withoutTokens, withResolverFolder } from './resolver-folder.ts';
import { runClean } from './run-clean.ts';
import { PYTHON } from './run-pip.ts';

/** `--platform` in uv's words. */
const PLATFORMS: Readonly<Record<string, string>> = {
  linux: 'linux',
  'linux-x86_64': 'x86_64-unknown-linux-gnu',
  'linux-aarch64': 'aarch64-unknown-linux-gnu',
  macos: 'macos',
  'macos-arm64': 'aarch64-apple-darwin',
  'macos-x86_64': 'x86_64-apple-darwin',
  windows: 'windows',
  'windows-AMD64': 'x86_64-pc-windows-msvc',
  'windows-ARM64': 'aarch64-pc-windows-msvc',
};

/** Resolves with `uv pip compile` against one index. @returns undefined when there is no uv here */
export async function findUvResolver(indexUrl: string): Promise<Resolver | undefined> {
  const said = await runClean('uv', ['--version'], { env: {}, deadlineMs: 10_000 });
  const version = /^uv (\S+)/.exec(said?.output ?? '')?.[1];
  if (version === undefined) return undefined;
  return { resolve: (request) => resolveWithUv(request, indexUrl, `uv ${version}`) };
}

async function resolveWithUv(request: ResolveRequest, indexUrl: string, resolver: string): Promise<Resolution> {
  const python = request.python ?? (await thisPython());
  const files = {
    'requirements.in': request.requirements,
    'constraints.txt': request.constraints,
    // What stands in the output file is kept where it fits.
    'locked.txt': request.preferences,
  };
  return withResolverFolder(files, async (pathOf) => {
    const run = await runClean(
      'uv',
      [
        'pip',
        'compile',
        '--quiet',
        '--no-header',
        '--annotation-style=line',
        '--strip-extras',
        ...(request.builds ? [] : ['--only-binary', ':all:']),
        ...(request.prereleases ? ['--prerelease', 'allow'] : []),
        ...(python === undefined ? [] : ['--python-version', python]),
        ...(request.platform === undefined ? [] : ['--python-platform', platformOf(request.platform)]),
        ...(request.isUniversal ? ['--universal'] : []),
        ...[
          '--constraint',
          pathOf('constraints.txt'),
          '--output-file',
          pathOf('locked.txt'),
          pathOf('requirements.in'),
        ],
      ],
      { env: environment(indexUrl), deadlineMs: RESOLVE_WITHIN_MS, reachesOut: isElsewhere(indexUrl) },
    );
    if (run === undefined) throw gone();
    if (run.exitCode !== 0) return { kind: 'failed', resolver, output: withoutTokens(run.output) };
    const pins = readUvCompiled(await readFile(pathOf('locked.txt'), 'utf8'));
    return { kind: 'resolved', resolver, pins, droppedPreferences: false, ...(python !== undefined && { python }) };
  });
}

/** The index comes by a variable: what stands on the command line can be seen by everybody on the machine. */
function environment(indexUrl: string): Record<string, string> {
  return {
    UV_DEFAULT_INDEX: indexUrl,
    UV_NO_CONFIG: '1',
    UV_NO_CACHE: '1',
    UV_PYTHON_DOWNLOADS: 'never',
    // A first inspection may take its time.
    UV_HTTP_TIMEOUT: '300',
    NO_COLOR: '1',
    NETRC: '/dev/null',
  };
}

/** So that a lock does not depend on the patch release of whoever makes it. */
async function thisPython(): Promise<string | undefined> {
  const said = await runClean(PYTHON, ['--version'], { env: {}, deadlineMs: 10_000 });
  return /^Python (\d+\.\d+)/.exec(said?.output ?? '')?.[1];
}

function platformOf(platform: string): string {
  const found = Object.hasOwn(PLATFORMS, platform) ? PLATFORMS[platform] : undefined;
  if (found !== undefined) return found;
  throw new WheelgateError(
    'USAGE',
    `uv cannot resolve for the platform ${quoted(platform)}`,
    `Choose one of ${Object.keys(PLATFORMS).join(', ')}.`,
  );
}

function gone(): WheelgateError {
  return new WheelgateError('RESOLUTION_FAILED', 'uv cannot be started any more', 'Check its installation.');
}
