import { linuxPlatforms, macosPlatforms } from '../core/python/platform-tags.ts';
import type { WheelTarget } from '../core/python/rank-wheel.ts';
import type { Client } from './client.ts';

/** One object per distinct client set-up: building the list of tags is the dear part, and clients are few. */
const targets = new Map<string, WheelTarget>();
const MAX_TARGETS = 100;

/** The Python that a client installs for, as far as its User-Agent tells; a common Linux machine where it does not. */
export function wheelTargetOf(client: Client): WheelTarget {
  const { python = '3.12', machine = 'x86_64', system = 'Linux' } = client;
  const key = `${python} ${machine} ${system}`;
  const there = targets.get(key);
  if (there) return there;
  const [major = 3, minor = 12] = python.split('.').map(Number);
  const target: WheelTarget = {
    python: [major, minor],
    implementation: 'cpython',
    platforms: platformsOf(system, machine),
  };
  if (targets.size < MAX_TARGETS) targets.set(key, target);
  return target;
}

function platformsOf(system: string, machine: string): readonly string[] {
  if (system === 'Darwin') return macosPlatforms(machine === 'arm64' ? 'arm64' : 'x86_64', 15);
  if (system === 'Windows') return [machine === 'ARM64' ? 'win_arm64' : 'win_amd64'];
  return linuxPlatforms(machine, { name: 'glibc', version: [2, 36] });
}
