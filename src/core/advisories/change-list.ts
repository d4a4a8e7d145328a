import { WheelgateError } from '../errors.ts';

/** What an OSV database changed, newest first, as `modified_id.csv` beside its bulk zip says it. */
export type ChangeList = {
  /** The time of the newest change: where the next list is read up to. ISO 8601 in UTC. */
  readonly newest: string;
  /** Ids of the records that changed at `since` or later. */
  readonly ids: readonly string[];
};

// Ids become parts of addresses.
const LINE = /^(\d{4}-\d\d-\d\dT[\d:.]+Z),([A-Za-z0-9][A-Za-z0-9._:+-]{0,127})$/;

/**
 * Reads the lines `<time>,<id>` up to the first that is older than `since`.
 * @param since ISO 8601 in UTC; undefined reads the newest time only
 * @throws {WheelgateError} FEED_INVALID for anything but such lines, or times that rise
 */
export function readChangeList(text: string, since: string | undefined): ChangeList {
  const ids = new Set<string>();
  let newest: string | undefined;
  let last = Number.POSITIVE_INFINITY;
  for (const line of text.split(/\r?\n/)) {
    if (line === '') continue;
    const [, time = '', id = ''] = LINE.exec(line) ?? [];
    const at = Date.parse(time);
    if (Number.isNaN(at)) throw invalid(`a line is not "<time>,<id>"`);
    if (at > last) throw invalid('its times are out of order');
    last = at;
    newest ??= new Date(at).toISOString();
    if (since === undefined || at < Date.parse(since)) break;
    ids.add(id);
  }
  if (newest === undefined) throw invalid('it is empty');
  return { newest, ids: [...ids] };
}

function invalid(reason: string): WheelgateError {
  return new WheelgateError(
    'FEED_INVALID',
    `The list of changed advisories cannot be read: ${reason}.`,
    'The whole feed is read instead.',
  );
}
