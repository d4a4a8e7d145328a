import type { IncomingMessage } from 'node:http';

/** What a request's User-Agent says about the installer (pip and uv send "linehaul" JSON behind their name). */
export type Client = {
  readonly installer: 'pip' | 'uv' | 'poetry' | 'pdm' | 'other';
  readonly userAgent: string;
  /** `3.11` of `3.11.7`. */
  readonly python?: string;
  /** As `uname -m` prints it. */
  readonly machine?: string;
  /** `Linux`, `Darwin`, `Windows`. */
  readonly system?: string;
  readonly ci?: boolean;
};

const INSTALLERS = ['pip', 'uv', 'poetry', 'pdm'] as const;
/** Longer ones say nothing more and would fill the audit log. */
const MAX_USER_AGENT = 1_000;

export function readClient(request: IncomingMessage): Client {
  const userAgent = (request.headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT);
  const installer = INSTALLERS.find((name) => userAgent.startsWith(`${name}/`)) ?? 'other';
  const details = linehaul(userAgent);
  const python = /^(\d{1,2}\.\d{1,2})(?!\d)/.exec(String(details?.python ?? ''))?.[1];
  return {
    installer,
    userAgent,
    ...(python !== undefined && { python }),
    ...(isWord(details?.cpu) && { machine: details.cpu }),
    ...(isWord(details?.system?.name) && { system: details.system.name }),
    ...(details?.ci === true && { ci: true }),
  };
}

type Linehaul = { python?: unknown; ci?: unknown; cpu?: unknown; system?: { name?: unknown } | null };

function linehaul(userAgent: string): Linehaul | undefined {
  const start = userAgent.indexOf('{');
  if (start < 0) return undefined;
  try {
    const details: unknown = JSON.parse(userAgent.slice(start));
    return typeof details === 'object' && details !== null ? details : undefined;
  } catch {
    return undefined;
  }
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^\w{1,20}$/.test(value);
}

/**
 * How long a client's connection may be held for a first inspection. pip, Poetry and their kin retry on 503 with
 * `Retry-After`; uv waits 30 s for an answer and retries without reading it; PDM never retries but waits.
 * (docs/clients.md; seen with the real clients.)
 */
export function patienceMs({ installer }: Client): number {
  switch (installer) {
    case 'uv':
      return 25_000;
    case 'pdm':
      return 100_000;
    default:
      return 10_000;
  }
}

/** What the audit log keeps of a client, of which nobody can be sure: it wrote it itself. */
export function clientFacts({ installer, userAgent, python, system, ci }: Client): Readonly<Record<string, unknown>> {
  return {
    installer,
    userAgent,
    ...(python !== undefined && { python }),
    ...(system !== undefined && { system }),
    ...(ci && { ci }),
  };
}
