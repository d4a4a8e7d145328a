import { readFile } from 'node:fs/promises';
import { WheelgateError } from '../../core/errors.ts';
import { readPipReport } from '../../core/lock/pip-report.ts';
import type { Resolution, ResolveRequest } from '../../core/lock/resolution.ts';
import type { Resolver } from '../../gate/ports.ts';
import { isElsewhere, RESOLVE_WITHIN_MS, withoutTokens, withResolverFolder } from './resolver-folder.ts';
import { type CleanRun, runClean } from './run-clean.ts';
import { lacksPip, NO_PIP_CONFIG, PYTHON } from './run-pip.ts';

/**
 * Resolves with `pip install --dry-run --report` against one index. pip evaluates markers for the Python that runs it, so it
 * resolves for that one alone. @returns undefined when there is no Python with pip here
 */
export async function findPipResolver(indexUrl: string): Promise<Resolver | undefined> {
  const said = await runClean(PYTHON, ['-m', 'pip', '--version'], { env: NO_PIP_CONFIG, deadlineMs: 30_000 });
  if (said === undefined || said.exitCode !== 0) return undefined;
  return { resolve: (request) => resolveWithPip(request, indexUrl) };
}

async function resolveWithPip(request: ResolveRequest, indexUrl: string): Promise<Resolution> {
  if (request.isUniversal || request.platform !== undefined) {
    throw usage('pip resolves for the machine that it runs on');
  }
  const first = await attempt(request, request.preferences, indexUrl);
  if (first.kind === 'resolved' || request.preferences.length === 0) return first;
  const second = await attempt(request, [], indexUrl);
  return second.kind === 'resolved' ? { ...second, droppedPreferences: true } : second;
}

async function attempt(request: ResolveRequest, preferences: readonly string[], indexUrl: string): Promise<Resolution> {
  const files = {
    'requirements.txt': request.requirements,
    'constraints.txt': [...request.constraints, ...preferences],
    'report.json': [],
  };
  return withResolverFolder(files, async (pathOf) => {
    const run = await startPip(
      [
        'install',
        '--dry-run',
        '--ignore-installed',
        '--quiet',
        ...(request.builds ? [] : ['--only-binary', ':all:']),
        ...(request.prereleases ? ['--pre'] : []),
        ...(indexUrl.startsWith('http:') && isElsewhere(indexUrl) ? ['--trusted-host', new URL(indexUrl).host] : []),
        ...['--report', pathOf('report.json')],
        ...['--constraint', pathOf('constraints.txt'), '--requirement', pathOf('requirements.txt')],
      ],
      request.python,
      indexUrl,
    );
    if (run.exitCode !== 0) return { kind: 'failed', resolver: 'pip', output: withoutTokens(run.output) };
    const { pins, pip, python } = readPipReport(await readFile(pathOf('report.json'), 'utf8'));
    const minor = /^\d+\.\d+/.exec(python ?? '')?.[0];
    return {
      kind: 'resolved',
      resolver: `pip ${pip}`,
      pins,
      droppedPreferences: false,
      ...(minor !== undefined && { python: minor }),
    };
  });
}

async function startPip(args: readonly string[], python: string | undefined, indexUrl: string): Promise<CleanRun> {
  const command = python === undefined ? PYTHON : `python${/^\d+\.\d+/.exec(python)?.[0]}`;
  const run = await runClean(command, ['-m', 'pip', ...args], {
    env: {
      ...NO_PIP_CONFIG,
      // By a variable: what stands on the command line can be seen by everybody on the machine.
      PIP_INDEX_URL: indexUrl,
      PIP_NO_INPUT: '1',
      PIP_NO_CACHE_DIR: '1',
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      PIP_ROOT_USER_ACTION: 'ignore',
      NETRC: '/dev/null',
    },
    deadlineMs: RESOLVE_WITHIN_MS,
    reachesOut: isElsewhere(indexUrl),
  });
  if (run === undefined || lacksPip(run)) throw usage(`there is no ${command} with pip here`);
  if (/no such option: --(?:dry-run|report)/.test(run.output)) throw usage('this pip is older than 22.2');
  return run;
}

function usage(message: string): WheelgateError {
  return new WheelgateError('USAGE', message, 'Install uv, or leave --python, --platform and --universal out.');
}
