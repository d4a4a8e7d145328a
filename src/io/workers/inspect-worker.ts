import { open } from 'node:fs/promises';
import type { ByteSource } from '../../core/archive/byte-source.ts';
import { inspectDistribution } from '../../core/archive/distribution.ts';
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
    const found = await inspectDistribution(source, filename);
    const { findings, complete, declared, metadata, startupHooks, nativeFiles } = found;
    return {
      findings,
      complete,
      startupHooks,
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
