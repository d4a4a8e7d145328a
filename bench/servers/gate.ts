import { type StartedGate, startGate } from '../../test/e2e/start-gate.ts';
import type { Later } from '../measure/clean-up.ts';
import type { BenchServer } from './server.ts';

export type BenchGate = BenchServer & Pick<StartedGate, 'indexUrl' | 'data'>;

type GateOptions = {
  /** A folder that is there already. */
  readonly data?: string;
  readonly env?: Readonly<Record<string, string>>;
};

/** Wheelgate as its users start it, with the default policy. */
export async function startBenchGate(upstream: string, later: Later, options: GateOptions = {}): Promise<BenchGate> {
  const gate = await startGate({ upstream, ...options });
  later(() => gate.stop());
  const { url, indexUrl, data, process } = gate;
  return { name: 'wheelgate', url, indexUrl, data, pid: process.pid! };
}
