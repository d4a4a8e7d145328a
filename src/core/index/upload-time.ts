// One shape, so that `2026-01-02` or `Jan 2` never becomes a date in the zone of this machine.
const SHAPE = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d{1,9})?(?:Z|[+-]00:00)$/;

/**
 * Reads an `upload-time` (Simple API, "Project detail"): `yyyy-mm-ddThh:mm:ss.ffffffZ` with up to nine digits of a second,
 * of which milliseconds are kept. `+00:00` for `Z` is accepted; other zones and dates that do not exist are not.
 */
export function tryParseUploadTime(raw: string): Date | undefined {
  const match = SHAPE.exec(raw);
  if (match === null) return undefined;
  const [, day, time, fraction = ''] = match;
  const at = new Date(`${day}T${time}${fraction.slice(0, 4)}Z`);
  // The engine reads 30 February as 2 March: what it did not keep was no date.
  return Number.isNaN(at.getTime()) || !at.toISOString().startsWith(`${day}T${time}`) ? undefined : at;
}

/** The same in the form that PEP 700 asks for, with six digits of a second: `2026-01-02T03:04:05.678000Z`. */
export function formatUploadTime(at: Date): string {
  return `${at.toISOString().slice(0, -1)}000Z`;
}
