/** When people work: reminders do not count nights and weekends. */
export type WorkingHours = {
  /** Minutes after local midnight. */
  readonly fromMinute: number;
  readonly toMinute: number;
  /** 0 is Sunday. */
  readonly days: readonly number[];
  /** IANA name. */
  readonly timezone: string;
};

/** Time zones and working hours are multiples of it. */
const SLOT_MS = 15 * 60_000;
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/**
 * Working time between two moments, in milliseconds, counted no further than `atMostMs`.
 * @param hours whose minutes are multiples of 15
 */
export function workingMsBetween(from: Date, to: Date, hours: WorkingHours, atMostMs: number): number {
  const isWorking = workingSlots(hours);
  let worked = 0;
  // A calendar without working days would be searched for ever.
  const end = Math.min(to.getTime(), from.getTime() + 60 * 86_400_000);
  for (let start = from.getTime(); start < end && worked < atMostMs; ) {
    const next = Math.min(end, (Math.floor(start / SLOT_MS) + 1) * SLOT_MS);
    if (isWorking(start)) worked += next - start;
    start = next;
  }
  return Math.min(worked, atMostMs);
}

function workingSlots({ fromMinute, toMinute, days, timezone }: WorkingHours): (ms: number) => boolean {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (ms) => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    const minute = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
    return days.includes(DAYS.indexOf(parts.get('weekday') ?? '')) && minute >= fromMinute && minute < toMinute;
  };
}

/** How many of the reminders are due after a review has waited from `since` to `now`. @param after working time, in ms, rising */
export function remindersDue(since: Date, now: Date, after: readonly number[], hours: WorkingHours): number {
  const waited = workingMsBetween(since, now, hours, Math.max(0, ...after));
  return after.filter((ms) => waited >= ms).length;
}
