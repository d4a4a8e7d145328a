import { z } from 'zod';

const effect = z.enum(['note', 'hold', 'block']);
const verdict = z.enum(['allow', 'hold', 'block']);
const reasons = z.array(z.object({ rule: z.string(), effect, message: z.string() }));

/** What `wheelgate policy check --format json` prints: the rules in force, the team's own last. */
export const policyReportSchema = z.object({
  schema: z.literal('wheelgate.policy/1'),
  preset: z.string(),
  revision: z.string(),
  /** Entries of the deny list. */
  denied: z.int(),
  rules: z.array(
    z.object({
      id: z.string(),
      effect: z.enum(['off', 'note', 'hold', 'block']),
      summary: z.string(),
      settings: z.string(),
    }),
  ),
});

/** What `wheelgate policy test --format json` prints; `problem` is null where the fixture came out as expected. */
export const policyTestSchema = z.object({
  schema: z.literal('wheelgate.policy-test/1'),
  revision: z.string(),
  fixtures: z.array(z.object({ name: z.string(), verdict, reasons, problem: z.string().nullable() })),
});

/** What `wheelgate policy replay --format json` prints. `attended`: only a person could have let it in. Hours of waiting. */
export const policyReplaySchema = z.object({
  schema: z.literal('wheelgate.policy-replay/1'),
  revision: z.string(),
  /** Distinct files that clients asked for. */
  requests: z.int(),
  /** Requests whose file is not known any more. */
  unknown: z.int(),
  allowed: z.int(),
  held: z.int(),
  blocked: z.int(),
  attended: z.int(),
  byRule: z.array(
    z.object({
      rule: z.string(),
      holds: z.int(),
      attended: z.int(),
      medianHours: z.number().nullable(),
      longestHours: z.number().nullable(),
    }),
  ),
  withheld: z.array(
    z.object({
      at: z.iso.datetime(),
      index: z.string(),
      project: z.string(),
      version: z.string().nullable(),
      filename: z.string(),
      was: z.enum(['served', 'refused']),
      verdict,
      /** Null: a person has to. */
      hours: z.number().nullable(),
      reasons,
    }),
  ),
});

export type PolicyReport = z.infer<typeof policyReportSchema>;
export type PolicyTest = z.infer<typeof policyTestSchema>;
export type PolicyReplay = z.infer<typeof policyReplaySchema>;
