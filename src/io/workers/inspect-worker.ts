import { open } from 'node:fs/promises';
import type { ByteSource } from '../../core/archive/byte-source.ts';
import { inspectDistribution } from '../../core/archive/distribution.ts';
import { isStartupHook, mayBecomeStartupHook, runsCode } from '../../core/archive/startup-hook.ts';
import type { Inspection } from '../../core/policy/evidence.ts';

export type InspectTask = { readonly path: string; readonly filename: string };

/** Runs in a worker thread: reads one distribution file from disk and tells what is in it. */
export default async function inspect({ path, filename }: InspectTask): Promise<Inspection> {
  const started = performance.now();
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const source: ByteSource = {
      size,
      async read(offset, length) {
        const wanted = Math.max(0, Math.min(length, size - offset));
        const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, offset);
        return buffer.subarray(0, bytesRead);
      },
    };
    const hooks: Inspection['startupHooks'][number][] = [];
    const found = await inspectDistribution(source, filename, undefined, (member, bytes) => {
      if (!isHook(filename, member.path)) return;
      // A hook that is too large to look into runs code until somebody says otherwise.
      const sha256 = member.sha256;
      if (sha256 !== undefined)
        hooks.push({ file: member.path, sha256, runsCode: bytes === undefined || runsCode(member.path, bytes) });
    });
    const { findings, complete, declared, metadata, nativeFiles } = found;
    return {
      findings,
      complete,
      startupHooks: hooks,
      nativeFiles,
      seconds: (performance.now() - started) / 1000,
      ...(declared && { declared }),
      ...(metadata && {
        metadata: { base64: Buffer.from(metadata.bytes).toString('base64'), sha256: metadata.sha256 },
      }),
    };
  } finally {
    await handle.close();
  }
}

function isHook(filename: string, path: string): boolean {
  return filename.endsWith('.whl') ? isStartupHook(path) : mayBecomeStartupHook(path.replace(/^[^/]*\//, ''));
}
