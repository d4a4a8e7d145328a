import { fileURLToPath } from 'node:url';
import type { Later } from '../measure/clean-up.ts';
import { type BenchServer, freePort, startProgram } from './server.ts';

/** The ceiling for anything on Node: node:http answering every request with one buffer and fixed headers. */
export async function startPlainNode(
  body: string,
  headers: Readonly<Record<string, string>>,
  later: Later,
): Promise<BenchServer> {
  const port = await freePort();
  const program = fileURLToPath(new URL('./plain-node-server.js', import.meta.url));
  return startProgram(later, {
    name: 'plain node:http',
    command: process.execPath,
    args: [program, String(port), body, JSON.stringify(headers)],
    port,
  });
}
