import { type MachineKind, VARIABLES_ANYWHERE, VARIABLES_AT_RISK } from '../core/audit/ci-variables.ts';
import type { AuditEvent } from '../core/audit/event.ts';
import { isSameRelease } from '../core/policy/fact.ts';
import type { Sha256 } from '../core/sha256.ts';
import type { AuditLog, ServesQuery } from './ports.ts';
import type { FactSubject } from './record-fact.ts';

/** One machine, or job, that was served files of the subject. */
export type Holder = {
  readonly identity: string;
  /** Where the request came from. */
  readonly address?: string;
  readonly consumer?: string;
  readonly userAgent?: string;
  readonly machine: MachineKind;
  /** Address of the CI run, where its token said so. */
  readonly run?: string;
  readonly index: string;
  readonly filename: string;
  readonly version?: string;
  readonly sha256: Sha256;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly times: number;
};

export type Holders = {
  readonly holders: readonly Holder[];
  /** How many serves of it the log has. */
  readonly serves: number;
  /** Environment variables that code on these machines could have read, by kind of machine. */
  readonly atRisk: readonly { readonly machine: MachineKind; readonly variables: readonly string[] }[];
};

const BATCH = 1_000;

/** Who was served a digest, release or project, by the audit log, the latest first. */
export function createWhoHas({ audit }: { readonly audit: Pick<AuditLog, 'serves'> }) {
  async function* serves(subject: FactSubject): AsyncGenerator<AuditEvent> {
    const about: Pick<ServesQuery, 'sha256' | 'project'> =
      subject.kind === 'digest' ? { sha256: subject.sha256 } : { project: subject.project };
    let after = 0;
    for (;;) {
      const events = await audit.serves({ ...about, after, limit: BATCH });
      for (const event of events) if (isAbout(event, subject)) yield event;
      const last = events.at(-1);
      if (!last || events.length < BATCH) return;
      after = last.seq;
    }
  }

  return async function whoHas(subject: FactSubject): Promise<Holders> {
    const holders = new Map<string, Holder>();
    let count = 0;
    for await (const event of serves(subject)) {
      count++;
      const holder = holderOf(event);
      const { identity, address, consumer, userAgent, run, index, sha256 } = holder;
      const key = JSON.stringify([identity, address, consumer, userAgent, run, index, sha256]);
      const known = holders.get(key);
      holders.set(key, known ? { ...known, lastAt: event.at, times: known.times + 1 } : holder);
    }
    const list = [...holders.values()].sort((a, b) => b.lastAt.getTime() - a.lastAt.getTime());
    const kinds = [...new Set(list.map(({ machine }) => machine))];
    return {
      holders: list,
      serves: count,
      atRisk: kinds.map((machine) => ({ machine, variables: [...VARIABLES_AT_RISK[machine], ...VARIABLES_ANYWHERE] })),
    };
  };
}

function isAbout({ detail }: AuditEvent, subject: FactSubject): boolean {
  if (subject.kind !== 'release') return true;
  return typeof detail.version === 'string' && isSameRelease(detail.version, subject.version);
}

function holderOf({ actor, subject, detail, at }: AuditEvent): Holder {
  const text = (key: string) => (typeof detail[key] === 'string' ? (detail[key] as string) : undefined);
  const [address, consumer, userAgent, run, version] = ['address', 'consumer', 'userAgent', 'run', 'version'].map(text);
  return {
    identity: actor,
    machine: machineKind(actor, detail.ci === true),
    index: text('index') ?? '',
    filename: subject.slice(subject.lastIndexOf('/') + 1),
    sha256: (text('sha256') ?? '') as Sha256,
    firstAt: at,
    lastAt: at,
    times: 1,
    ...(address !== undefined && { address }),
    ...(consumer !== undefined && { consumer }),
    ...(userAgent !== undefined && { userAgent }),
    ...(run !== undefined && { run }),
    ...(version !== undefined && { version }),
  };
}

/** The CI that a token is of says most; else pip and uv say whether they run in some CI. */
function machineKind(actor: string, isCi: boolean): MachineKind {
  if (actor.startsWith('ci:github:')) return 'github';
  if (actor.startsWith('ci:gitlab:')) return 'gitlab';
  return isCi ? 'some-ci' : 'machine';
}

export type WhoHas = ReturnType<typeof createWhoHas>;
