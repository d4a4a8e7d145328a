import { existsSync } from 'node:fs';
import type { LockCheckRun, Locker, LockResult, LockRun } from '../cli/locker.ts';
import { requirementVariable } from '../config-presence.ts';
import { hasCode } from '../core/errors.ts';
import { readLockHeader } from '../core/lock/lock-header.ts';
import { renderLock } from '../core/lock/render-lock.ts';
import { decodeText } from '../core/manifest/decode-text.ts';
import type { FileSource, Pin } from '../core/manifest/manifest.ts';
import { parseTarget } from '../core/manifest/marker-target.ts';
import { readDirectRequirements } from '../core/manifest/read-direct-requirements.ts';
import { readManifest } from '../core/manifest/read-manifest.ts';
import { parseProjectName } from '../core/python/name.ts';
import { checkLock, type LockToCheck } from '../gate/check-lock.ts';
import { lockRequirements } from '../gate/lock-requirements.ts';
import { diskFiles } from '../io/files/manifest-files.ts';
import { findResolver } from '../io/sandbox/find-resolver.ts';
import type { LockerGate } from './locker-gate.ts';
import { relativeTo } from './relative-to.ts';
import { thisPlatform } from './this-platform.ts';

/** Makes and checks locks of files on this machine. */
export function createLocker(gate: LockerGate): Locker {
  const source = diskFiles(requirementVariable);
  return {
    lock: (run) => lock(gate, source, run),
    check: (run) => check(gate, source, run),
    close: () => gate.close(),
  };
}

async function lock({ reader, resolverUrl }: LockerGate, source: FileSource, run: LockRun): Promise<LockResult> {
  if (resolverUrl === undefined) throw new Error('this gate was opened for checks alone');
  // Refused before anything is asked of anybody.
  parseTarget(run.python, run.platform);
  const inputs = readDirectRequirements(run.inputs, source, run);
  const resolver = await findResolver(resolverUrl, run.resolver);
  const outcome = await lockRequirements(reader, resolver, {
    inputs,
    described: {
      command: run.command,
      inputs: run.inputs.map((input) => relativeTo(run.output, input)),
      extras: run.extras,
      groups: run.groups,
    },
    previous: await pinsOf(run.output, source),
    upgrade: run.upgrade === 'all' ? 'all' : new Set(run.upgrade.map(parseProjectName)),
    thisPlatform: thisPlatform(),
    isUniversal: run.isUniversal,
    builds: run.builds,
    leaveOut: run.leaveOut,
    ...(run.python !== undefined && { python: run.python }),
    ...(run.platform !== undefined && { platform: run.platform }),
  });
  return outcome.kind === 'locked' ? { outcome, text: renderLock(outcome.document, run) } : { outcome };
}

async function check({ reader }: LockerGate, source: FileSource, run: LockCheckRun) {
  const { file, isStrict } = run;
  const text = decodeText(source.read(file)).text;
  const header = readLockHeader(text);
  const manifest = await readManifest(file, source);
  const target = parseTarget(run.python ?? header?.python, run.platform ?? header?.platform);
  const origin = header && originOf(file, header, source);
  const lockToCheck: LockToCheck = { file, manifest, target, isStrict, remarks: [] };
  if (origin === undefined) {
    const remark = `${file} has no header of Wheelgate: what it was made from is not compared`;
    return checkLock(reader, { ...lockToCheck, remarks: [remark] });
  }
  if (typeof origin === 'string') return checkLock(reader, { ...lockToCheck, remarks: [origin] });
  return checkLock(reader, { ...lockToCheck, origin });
}

/** The inputs as they are now, or why they cannot be read. */
function originOf(
  file: string,
  header: NonNullable<ReturnType<typeof readLockHeader>>,
  source: FileSource,
): LockToCheck['origin'] | string {
  if (header.inputs.length === 0) return `${file} was made from locks of other tools, which are not compared`;
  try {
    const paths = header.inputs.map((input) => source.resolve(file, input));
    return { header, inputs: readDirectRequirements(paths, source, header) };
  } catch (error) {
    if (!hasCode(error, 'INPUT_UNREADABLE') && !hasCode(error, 'USAGE')) throw error;
    return `what it was made from is not compared: ${error.message}`;
  }
}

async function pinsOf(output: string | undefined, source: FileSource): Promise<readonly Pin[]> {
  if (output === undefined || !existsSync(output)) return [];
  return (await readManifest(output, source)).pins;
}
