import { WheelgateError } from '../../core/errors.ts';
import type { Exemption } from '../../core/policy/exemption.ts';
import { KILL_SWITCH_DOWN, type KillSwitch } from '../../core/policy/kill-switch.ts';
import type { Store } from '../../gate/ports.ts';
import { appendAuditEvents } from './audit-log.ts';
import type { Database } from './database.ts';
import { raiseRevision } from './revision.ts';
import { parseDocument, parseTime } from './stored-json.ts';

export function createExemptions({ reads, write }: Database): Store['exemptions'] {
  return {
    async all() {
      const rows = await reads.selectFrom('exemptions').select('document').orderBy('id').execute();
      return rows.map(readExemption);
    },

    async save(exemption, events) {
      const content = { document: JSON.stringify(exemption) };
      await write(async (tx) => {
        await tx
          .insertInto('exemptions')
          .values({ id: exemption.id, ...content })
          .onConflict((conflict) => conflict.column('id').doUpdateSet(content))
          .execute();
        await appendAuditEvents(tx, events);
        await raiseRevision(tx);
      });
    },
  };
}

export function createKillSwitch({ reads, write }: Database): Store['killSwitch'] {
  return {
    async read() {
      const row = await reads.selectFrom('kill_switch').select('document').where('id', '=', 1).executeTakeFirst();
      return row ? readKillSwitch(row) : KILL_SWITCH_DOWN;
    },

    async save(next, events) {
      const { revision } = next;
      const content = { revision, document: JSON.stringify(next) };
      await write(async (tx) => {
        const { numInsertedOrUpdatedRows } = await tx
          .insertInto('kill_switch')
          .values({ id: 1, ...content })
          .onConflict((conflict) =>
            conflict
              .column('id')
              .doUpdateSet(content)
              .where('kill_switch.revision', '=', revision - 1),
          )
          .executeTakeFirstOrThrow();
        if (numInsertedOrUpdatedRows !== 1n) {
          throw new WheelgateError(
            'CONFLICT',
            'the kill switch was moved meanwhile',
            'Look where it stands, and move it again.',
          );
        }
        await appendAuditEvents(tx, events);
        await raiseRevision(tx);
      });
    },
  };
}

function readExemption({ document }: { document: string }): Exemption {
  const { ended, ...stored } = parseDocument<Exemption>(document, 'exemptions');
  const time = (text: string) => parseTime(text, 'exemptions');
  return {
    ...stored,
    createdAt: time(stored.createdAt),
    expiresAt: time(stored.expiresAt),
    ...(ended && { ended: { ...ended, at: time(ended.at) } }),
  } as Exemption;
}

function readKillSwitch({ document }: { document: string }): KillSwitch {
  const { lowering, ...stored } = parseDocument<KillSwitch>(document, 'kill_switch');
  const time = (text: string) => parseTime(text, 'kill_switch');
  return {
    ...stored,
    since: time(stored.since),
    remindedAt: time(stored.remindedAt),
    ...(lowering && { lowering: { ...lowering, at: time(lowering.at) } }),
  } as KillSwitch;
}
