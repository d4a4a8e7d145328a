import type { HoldersRecord, KillSwitchRecord } from '../../../api/emergency.ts';
import type { FactRecord } from '../../../api/fact.ts';
import { accountableFor, canSomewhere, type Identity } from '../../../core/identity/identity.ts';
import type { Fact } from '../../../core/policy/fact.ts';
import { type KillSwitch, LEVEL_SAID } from '../../../core/policy/kill-switch.ts';
import { parseSha256 } from '../../../core/sha256.ts';
import type { DecideReview } from '../../../gate/decide-review.ts';
import type { MoveKillSwitch } from '../../../gate/move-kill-switch.ts';
import { type FactRequest, parseFactSubject } from '../../../gate/record-fact.ts';
import type { ServedIndex } from '../../../gate/served-index.ts';
import type { Holders, WhoHas } from '../../../gate/who-has.ts';
import type { Handlers } from '../../api/handler.ts';

export type EmergencyHandlerNeeds = {
  readonly recordFact: (index: ServedIndex, request: FactRequest) => Promise<readonly Fact[]>;
  readonly reviews: Pick<DecideReview, 'approveRelease'>;
  readonly whoHas: WhoHas;
  readonly killSwitch: MoveKillSwitch;
  readonly index: (name: string) => ServedIndex;
};

type Names = 'whoHas' | 'approve' | 'revoke' | 'deny' | 'readKillSwitch' | 'moveKillSwitch';

export function emergencyHandlers(needs: EmergencyHandlerNeeds): Pick<Handlers, Names> {
  const { recordFact, killSwitch } = needs;

  async function record(
    kind: Fact['kind'],
    { index, subject, reason }: { index: string; subject: string; reason: string },
    identity: Identity,
  ): Promise<FactRecord[]> {
    const request = { kind, subject: parseFactSubject(subject), reason, actor: accountableFor(identity) };
    return (await recordFact(needs.index(index), request)).map(factRecord);
  }

  async function holdersOf(subject: string): Promise<HoldersRecord> {
    return holdersRecord(subject, await needs.whoHas(parseFactSubject(subject)));
  }

  return {
    whoHas: ({ query }) => holdersOf(query.subject),

    async approve({ body }, { identity }) {
      const facts =
        identity.kind === 'local'
          ? await record('approval', body, identity)
          : (await needs.reviews.approveRelease(identity, { ...body, subject: parseFactSubject(body.subject) })).map(
              factRecord,
            );
      return { schema: 'wheelgate.facts/1', facts };
    },

    async revoke({ body }, { identity }) {
      const facts = await record('revocation', body, identity);
      // Whoever may not know who has it still revokes it.
      const holders = canSomewhere(identity, 'read-consumers') ? await holdersOf(body.subject) : null;
      return { schema: 'wheelgate.facts/1', facts, holders };
    },

    deny: async ({ body }, { identity }) => ({
      schema: 'wheelgate.facts/1',
      facts: await record('denial', body, identity),
    }),

    readKillSwitch: async () => killSwitchRecord(await killSwitch.read()),

    moveKillSwitch: async ({ body: { level, reason, locked } }, { identity }) =>
      killSwitchRecord(await killSwitch.move(identity, { to: level, reason, locked: locked.map(parseSha256) })),
  };
}

function factRecord({ id, kind, project, reason, actor, index, version, sha256, at }: Fact): FactRecord {
  return {
    id,
    kind,
    index: index ?? null,
    project,
    version: version ?? null,
    sha256: sha256 ?? null,
    reason,
    actor,
    at: at.toISOString(),
  };
}

function holdersRecord(subject: string, { holders, serves, atRisk }: Holders): HoldersRecord {
  return {
    subject,
    serves,
    holders: holders.map(({ address, consumer, userAgent, run, version, firstAt, lastAt, ...holder }) => ({
      ...holder,
      host: address ?? null,
      consumer: consumer ?? null,
      userAgent: userAgent ?? null,
      run: run ?? null,
      version: version ?? null,
      firstAt: firstAt.toISOString(),
      lastAt: lastAt.toISOString(),
    })),
    atRisk: atRisk.map(({ machine, variables }) => ({ machine, variables: [...variables] })),
  };
}

function killSwitchRecord({ level, since, by, reason, locked, lowering, revision }: KillSwitch): KillSwitchRecord {
  return {
    level,
    meaning: LEVEL_SAID[level],
    since: revision === 0 ? null : since.toISOString(),
    by,
    reason,
    locked: locked.length,
    lowering: lowering ? { ...lowering, at: lowering.at.toISOString() } : null,
  };
}
