import type { Delivery, DeliveryStore } from '../../core/notify/delivery.ts';
import type { Database } from './database.ts';
import { parseDocument, parseTime } from './stored-json.ts';

export function createDeliveries({ reads, write }: Database): DeliveryStore {
  return {
    async cursor(channel) {
      const row = await reads
        .selectFrom('notify_cursors')
        .select('seq')
        .where('channel', '=', channel)
        .executeTakeFirst();
      return row?.seq;
    },

    async put(deliveries, cursor) {
      await write(async (tx) => {
        for (const delivery of deliveries) {
          const { id, channel, state } = delivery;
          const created_at = delivery.createdAt.toISOString();
          const row = { channel, state, created_at, document: JSON.stringify(delivery) };
          await tx
            .insertInto('deliveries')
            .values({ id, ...row })
            .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
            .execute();
        }
        if (cursor === undefined) return;
        const { channel, seq } = cursor;
        await tx
          .insertInto('notify_cursors')
          .values({ channel, seq })
          .onConflict((conflict) => conflict.column('channel').doUpdateSet({ seq }))
          .execute();
      });
    },

    async waiting() {
      const rows = await reads
        .selectFrom('deliveries')
        .select('document')
        .where('state', '=', 'waiting')
        .orderBy('created_at')
        .execute();
      return rows.map(toDelivery);
    },

    async recent(limit) {
      const rows = await reads
        .selectFrom('deliveries')
        .select('document')
        .orderBy('created_at', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toDelivery);
    },
  };
}

function toDelivery({ document }: { readonly document: string }): Delivery {
  const { createdAt, nextAt, ...delivery } = parseDocument<Delivery>(document, 'deliveries');
  return { ...delivery, createdAt: parseTime(createdAt, 'deliveries'), nextAt: parseTime(nextAt, 'deliveries') };
}
