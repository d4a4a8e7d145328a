import { z } from 'zod';
import { parseDurationMs } from '../duration.ts';
import { parsedWith } from '../parsed-with.ts';
import { matchesAnyName, namePattern } from '../policy/rules/name-pattern.ts';
import { TWO_PEOPLE_CAUSES } from './causes.ts';
import { CRITERIA, type Criteria } from './criteria.ts';
import type { WorkingHours } from './working-time.ts';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

const hours = z
  .string()
  .regex(
    /^([01]\d|2[0-3]):(00|15|30|45)-(?:([01]\d|2[0-3]):(00|15|30|45)|24:00)$/,
    'is not like 09:00-17:00, in quarters',
  )
  .refine((text) => text.slice(0, 5) < text.slice(6), 'ends before it begins');

/** `[reviews]` of a policy file: how people decide. docs/policy.md lists the keys. */
export const reviewSettings = z.strictObject({
  /** The least that an approval must say to count on this index. */
  criteria: z.enum(CRITERIA).default('safe-to-run'),
  /** What takes two people. */
  two_people: z.array(z.enum(TWO_PEOPLE_CAUSES)).default([...TWO_PEOPLE_CAUSES]),
  /** Working time after which those who should decide are reminded. */
  remind_after: z.array(z.string().transform(parsedWith(parseDurationMs))).default([2 * 3_600_000, 8 * 3_600_000]),
  working_hours: hours.default('09:00-17:00'),
  working_days: z.array(z.enum(DAYS)).default(['mon', 'tue', 'wed', 'thu', 'fri']),
  timezone: z.string().refine(isTimezone, 'is no time zone, such as Europe/Berlin').default('UTC'),
  /** Who looks at which projects; of several that match the last one counts, as in CODEOWNERS. */
  owners: z
    .array(z.strictObject({ projects: z.array(namePattern).min(1), reviewers: z.array(z.string().min(1)).min(1) }))
    .default([]),
});

export type ReviewSettings = z.output<typeof reviewSettings>;

/** Who should look at a project. */
export function ownersOf(project: string, { owners }: ReviewSettings): readonly string[] {
  return owners.findLast(({ projects }) => matchesAnyName(projects, project))?.reviewers ?? [];
}

export function workingHoursOf({ working_hours, working_days, timezone }: ReviewSettings): WorkingHours {
  const minuteOf = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
  return {
    fromMinute: minuteOf(working_hours.slice(0, 5)),
    toMinute: minuteOf(working_hours.slice(6)),
    days: working_days.map((day) => DAYS.indexOf(day)),
    timezone,
  };
}

/** Whether an approval says enough for an index. */
export function isEnough(said: Criteria | undefined, wanted: Criteria): boolean {
  return wanted === 'safe-to-run' || said !== 'safe-to-run';
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
