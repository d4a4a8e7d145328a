import type { ExemptionRecord } from '../../../api/exemption.ts';
import { type Exemption, isInForce } from '../../../core/policy/exemption.ts';
import { parseProjectName } from '../../../core/python/name.ts';
import { parseSha256 } from '../../../core/sha256.ts';
import type { ManageExemptions } from '../../../gate/manage-exemptions.ts';
import type { Clock } from '../../../gate/ports.ts';
import type { Handlers } from '../../api/handler.ts';

export type ExemptionHandlerNeeds = { readonly exemptions: ManageExemptions; readonly clock: Clock };

type Names = 'listExemptions' | 'addExemption' | 'breakGlass' | 'endExemption';

export function exemptionHandlers({ exemptions, clock }: ExemptionHandlerNeeds): Pick<Handlers, Names> {
  const record = (exemption: Exemption) => exemptionRecord(exemption, clock());
  return {
    async listExemptions(_, { identity: { indexes } }) {
      const all = await exemptions.list();
      const reached = all.filter(
        ({ index }) => indexes === undefined || index === undefined || indexes.includes(index),
      );
      return { exemptions: reached.map(record) };
    },

    async addExemption(
      { body: { project, sha256, versions, index, consumer, ticket, expires, ...asked } },
      { identity },
    ) {
      return record(
        await exemptions.add(identity, {
          ...asked,
          project: parseProjectName(project),
          lastsMs: expires,
          ...(sha256 !== undefined && { sha256: parseSha256(sha256) }),
          ...(versions !== undefined && { versions }),
          ...(index !== undefined && { index }),
          ...(consumer !== undefined && { consumer }),
          ...(ticket !== undefined && { ticket }),
        }),
      );
    },

    async breakGlass({ body: { index, sha256, reason, ticket, expires } }, { identity }) {
      return record(
        await exemptions.breakGlass(identity, {
          index,
          sha256: parseSha256(sha256),
          reason,
          lastsMs: expires,
          ...(ticket !== undefined && { ticket }),
        }),
      );
    },

    endExemption: async ({ params, query }, { identity }) =>
      record(await exemptions.end(identity, params.id, query.reason)),
  };
}

function exemptionRecord(exemption: Exemption, now: Date): ExemptionRecord {
  const { id, kind, rule, index, consumer, project, versions, sha256, owner, reason, ticket, remediation, ended } =
    exemption;
  return {
    id,
    kind,
    state: isInForce(exemption, now) ? 'in-force' : 'ended',
    rule: rule ?? null,
    index: index ?? null,
    consumer: consumer ?? null,
    project,
    versions: versions ?? null,
    sha256: sha256 ?? null,
    owner,
    reason,
    ticket: ticket ?? null,
    remediation,
    createdAt: exemption.createdAt.toISOString(),
    createdBy: exemption.createdBy,
    expiresAt: exemption.expiresAt.toISOString(),
    ended: ended ? { ...ended, at: ended.at.toISOString() } : null,
  };
}
