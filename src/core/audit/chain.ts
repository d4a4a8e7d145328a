import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import type { AuditEvent, AuditEventInput } from './event.ts';

/** The last link of a chain: what the next event builds on, and what a log must still end with. */
export type ChainHead = { readonly seq: number; readonly hash: string };

/** What an empty log ends with. */
export const CHAIN_START: ChainHead = { seq: 0, hash: '0'.repeat(64) };

/** `seq` is the first event that is wrong or missing; `what` is one line for a person. */
export type ChainCheck =
  | { readonly ok: true; readonly head: ChainHead }
  | { readonly ok: false; readonly seq: number; readonly what: string };

/**
 * Numbers and chains events after `last`. Their `detail` comes back as JSON keeps it, so that an event is the same before
 * and after it was stored.
 * @throws {TypeError} when a detail is not JSON
 * @throws {RangeError} when a date is not one
 */
export function appendToChain(last: ChainHead, inputs: readonly AuditEventInput[]): AuditEvent[] {
  let head = last;
  return inputs.map(({ at, type, actor, subject, detail }) => {
    const link = { seq: head.seq + 1, at, type, actor, subject, detail: JSON.parse(canonicalJson(detail)) };
    const event: AuditEvent = { ...link, previousHash: head.hash, hash: hashLink(head.hash, link) };
    head = event;
    return event;
  });
}

/**
 * Recomputes a whole log. Finds any event that was changed, removed, inserted or moved; whether the end is missing can only
 * be told with `head`, the last link as it was remembered elsewhere. Events past `head` are fine: they were appended since.
 */
export async function verifyChain(
  events: Iterable<AuditEvent> | AsyncIterable<AuditEvent>,
  head: ChainHead = CHAIN_START,
): Promise<ChainCheck> {
  let last = CHAIN_START;
  for await (const event of events) {
    const problem = findProblem(last, event, head);
    if (problem) return { ok: false, seq: last.seq + 1, what: problem };
    last = { seq: event.seq, hash: event.hash };
  }
  if (last.seq >= head.seq) return { ok: true, head: last };
  return {
    ok: false,
    seq: last.seq + 1,
    what: `The log ends after event ${last.seq}, but ${head.seq} were recorded: the end was cut off.`,
  };
}

function findProblem(last: ChainHead, event: AuditEvent, head: ChainHead): string | undefined {
  const seq = last.seq + 1;
  if (event.seq !== seq) {
    return event.seq > seq
      ? `Event ${seq} is missing: event ${event.seq} stands in its place.`
      : `Event ${event.seq} stands in the place of event ${seq}: events were inserted or moved.`;
  }
  if (event.previousHash !== last.hash) return `Event ${seq} does not continue event ${last.seq}.`;
  if (event.hash !== hashLink(last.hash, event)) return `Event ${seq} was changed after it was recorded.`;
  if (seq === head.seq && event.hash !== head.hash) return `Event ${seq} is not the one that was recorded last.`;
  return undefined;
}

function hashLink(
  previousHash: string,
  { seq, at, type, actor, subject, detail }: Omit<AuditEvent, 'previousHash' | 'hash'>,
): string {
  const text = canonicalJson({ seq, at, type, actor, subject, detail });
  return createHash('sha256').update(previousHash).update(text).digest('hex');
}
