import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT, type ExitCode } from '../../cli/exit-code.ts';
import { parseConfig } from '../../config.ts';
import { parseProjectName } from '../../core/python/name.ts';
import { runPip } from '../../io/sandbox/run-pip.ts';
import { type RunningServer, startServer } from '../serve.ts';
import { demoPackages } from './demo-packages.ts';

type Scene = {
  readonly title: string;
  readonly requirement: string;
  readonly before?: (server: RunningServer) => Promise<void>;
};

const SCENES: readonly Scene[] = [
  {
    title: 'A good package. Its newest release is one day old, so the range falls back to the one before.',
    requirement: 'gentle-clock',
  },
  {
    title: 'The young release itself, pinned: held until its cooldown ends, and pip prints why.',
    requirement: 'gentle-clock==1.1',
  },
  { title: 'A typo: somebody meant requests.', requirement: 'reqeusts' },
  {
    title: 'A package whose setup.py sends the environment away: its code is read, not run, and blocked.',
    requirement: 'colour-helper',
  },
  {
    title: 'A person approves the young release. The same command passes.',
    requirement: 'gentle-clock==1.1',
    before: async ({ gate }) => {
      await gate.recordFact(gate.index(undefined), {
        kind: 'approval',
        subject: { kind: 'release', project: parseProjectName('gentle-clock'), version: '1.1' },
        reason: 'read the diff to 1.0: one string',
        actor: 'cli:demo',
      });
      await gate.knowledge.refresh();
    },
  },
];

/**
 * Shows the gate at work in a folder of its own, which it removes: a small upstream, a gate in front, real pip against it.
 * Nothing is installed on this machine and no package code runs.
 */
export async function runDemo(say: (line: string) => void, version: string): Promise<ExitCode> {
  const folder = await mkdtemp(join(tmpdir(), 'wheelgate-demo-'));
  try {
    const upstream = join(folder, 'upstream');
    await fillUpstream(upstream);
    const config = parseConfig({ data: join(folder, 'data'), port: 0, log_level: 'silent' });
    const server = await startServer(
      config,
      [{ location: upstream, kind: 'find-links', isPrivate: false, fileHosts: [], why: 'the demo' }],
      version,
    );
    try {
      say(`A gate is running at ${server.url}, in front of an upstream with four packages.`);
      for (const scene of SCENES) {
        if (!(await play(scene, server, join(folder, 'installed'), say))) return EXIT.usage;
      }
      say('\nThat is all: nothing of it is left on this machine. Run your own with `wheelgate serve`.');
      return EXIT.clean;
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function play(
  { title, requirement, before }: Scene,
  server: RunningServer,
  target: string,
  say: (line: string) => void,
): Promise<boolean> {
  await before?.(server);
  say(`\n## ${title}`);
  say(`$ pip install ${requirement}`);
  const run = await runPip(
    ['install', '--no-deps', '--upgrade', '--target', target, requirement],
    `${server.url}/simple/`,
  );
  if (!run) {
    say('There is no python3 with pip on this machine: the demo needs one.');
    return false;
  }
  for (const line of run.output.trimEnd().split('\n')) say(`  ${line}`);
  return true;
}

async function fillUpstream(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { filename, bytes, ageDays } of demoPackages()) {
    const path = join(folder, filename);
    await writeFile(path, bytes);
    const time = new Date(Date.now() - ageDays * 86_400_000);
    await utimes(path, time, time);
  }
}
