import { z } from 'zod';
import { CAPABILITIES } from '../analysis/capabilities.ts';
import { CONTEXTS } from '../analysis/fact.ts';
import { DAY_MS, parseDurationMs } from '../duration.ts';
import { parsedWith } from '../parsed-with.ts';
import { parseFilename } from '../python/filename.ts';
import { parseProjectName } from '../python/name.ts';
import { parseSha256, type Sha256 } from '../sha256.ts';
import { decide } from './decide.ts';
import type { Evidence, Inspection } from './evidence.ts';
import { firstProblem, invalidPolicy, type Policy, parsePolicyToml } from './policy.ts';
import type { Verdict } from './verdict.ts';

const capability = z.strictObject({
  name: z.enum(CAPABILITIES),
  context: z.enum(CONTEXTS).default('call'),
  file: z.string().default('demo/__init__.py'),
});

const inspectionSchema = z.strictObject({
  complete: z.boolean().default(true),
  /** What the behaviour analysis said. */
  behaviour: z.enum(['none', 'note', 'hold', 'block']).default('none'),
  score: z.number().min(0).max(1).default(0),
  native: z.boolean().default(false),
  startup_hooks: z.int().min(0).max(10).default(0),
  capabilities: z.array(capability).default([]),
  findings: z
    .array(
      z.strictObject({
        rule: z.string().default('archive'),
        code: z.string(),
        effect: z.enum(['note', 'hold', 'block']),
        file: z.string().default('demo/__init__.py'),
      }),
    )
    .default([]),
});

/** The words of own-rule-variables.ts; what is left out is an old, quiet wheel of a project that is not in use. */
const fixtureSchema = z.strictObject({
  name: z.string().min(1),
  expect: z.enum(['allow', 'hold', 'block']),
  /** Rules that must give a reason of that effect, or a note where `allow` is expected. */
  rules: z.array(z.string()).default([]),
  now: z
    .union([z.date(), z.iso.datetime({ offset: true }).transform((text) => new Date(text))])
    .default(new Date('2026-01-01T00:00:00Z')),
  index: z.string().default('default'),
  project: z
    .strictObject({
      status: z.enum(['active', 'archived', 'quarantined', 'deprecated', 'unknown']).default('active'),
      in_use: z.boolean().default(false),
      private: z.boolean().default(false),
      upstream: z.string().default('upstream'),
      looks_like: z.string().optional(),
    })
    .prefault({}),
  file: z
    .strictObject({
      name: z.string().default('demo-1.0-py3-none-any.whl'),
      sha256: z
        .string()
        .transform(parsedWith(parseSha256))
        .default('0'.repeat(64) as Sha256),
      size: z.int().min(0).default(10_000),
      /** "unknown": the upstream does not say. */
      age: z.union([z.literal('unknown'), z.string().transform(parsedWith(parseDurationMs))]).default(365 * DAY_MS),
      yanked: z.boolean().default(false),
    })
    .prefault({}),
  advisories: z
    .array(
      z.strictObject({
        id: z.string(),
        kind: z.enum(['malware', 'vulnerability']).default('vulnerability'),
        severity: z.enum(['low', 'medium', 'high', 'critical', 'unknown']).default('unknown'),
        score: z.number().min(0).max(10).optional(),
        fixed: z.array(z.string()).default([]),
        epss: z.number().min(0).max(1).optional(),
        kev: z.boolean().default(false),
      }),
    )
    .default([]),
  /** How old the advisory data is. */
  advisories_age: z.string().default('1h').transform(parsedWith(parseDurationMs)),
  inspection: z.union([z.literal('not-run'), inspectionSchema]).prefault({}),
});

/** A made-up file and the verdict that the policy must give it. */
export type Fixture = z.output<typeof fixtureSchema>;

/** How one fixture came out; `problem` is absent when it came out as expected. */
export type FixtureOutcome = { readonly name: string; readonly verdict: Verdict; readonly problem?: string };

/**
 * The `[[fixtures]]` of a policy file.
 * @throws {WheelgateError} POLICY_INVALID, naming line or fixture
 */
export function parseFixtures(text: string, source = 'policy.toml'): readonly Fixture[] {
  const { fixtures = [] } = parsePolicyToml(text, source) as { fixtures?: unknown };
  if (!Array.isArray(fixtures)) throw invalidPolicy(source, 'fixtures is a list: write [[fixtures]]');
  return fixtures.map((raw: unknown, i) => {
    const fixture = fixtureSchema.safeParse(raw);
    if (!fixture.success)
      throw invalidPolicy(source, `fixture ${i + 1}: ${firstProblem(fixture.error)}`, fixture.error);
    return fixture.data;
  });
}

/** Decides a fixture and compares. */
export function runFixture(policy: Policy, fixture: Fixture): FixtureOutcome {
  const verdict = decide(policy, evidenceOf(fixture), fixture.now);
  const { name, expect } = fixture;
  const said = new Set(
    verdict.reasons.filter(({ effect }) => effect === (expect === 'allow' ? 'note' : expect)).map(({ rule }) => rule),
  );
  const silent = fixture.rules.filter((rule) => !said.has(rule));
  if (verdict.kind !== expect) return { name, verdict, problem: `expected ${expect}, got ${verdict.kind}` };
  if (silent.length > 0) return { name, verdict, problem: `${expect}, but not by ${silent.join(', ')}` };
  return { name, verdict };
}

function evidenceOf({ now, index, project, file, advisories, advisories_age, inspection }: Fixture): Evidence {
  const name = parseFilename(file.name);
  return {
    file: {
      index,
      project: name.project ?? parseProjectName('demo'),
      filename: file.name,
      kind: name.kind,
      ...(name.version && { version: name.version }),
      ...(name.rawVersion !== undefined && { rawVersion: name.rawVersion }),
      sha256: file.sha256,
      size: file.size,
      ...(file.age !== 'unknown' && { age: { at: new Date(now.getTime() - file.age), source: 'upload-time' } }),
      ...(file.yanked && { yanked: '' }),
    },
    project: {
      status: project.status,
      approvedBefore: project.in_use,
      upstream: project.upstream,
      privateUpstream: project.private,
      ...(project.looks_like !== undefined && { lookalike: { other: project.looks_like, how: 'one-edit' } }),
    },
    advisories: {
      matches: advisories.map(({ id, kind, severity, score, fixed, epss, kev }) => ({
        id,
        aliases: [],
        kind,
        ...(severity !== 'unknown' && { severity: { level: severity, ...(score !== undefined && { score }) } }),
        matchedBy: 'listed',
        confidence: 'high',
        fixed,
        open: fixed.length === 0,
        ...((epss !== undefined || kev) && {
          exploitation: {
            ...(epss !== undefined && { epss: { score: epss, percentile: epss, asOf: now.toISOString() } }),
            ...(kev && { kev: { since: now.toISOString().slice(0, 10), ransomware: false } }),
          },
        }),
      })),
      asOf: new Date(now.getTime() - advisories_age),
      fixes: [],
    },
    facts: [],
    inspection: inspection === 'not-run' ? inspection : inspectionOf(inspection),
  };
}

function inspectionOf(given: z.output<typeof inspectionSchema>): Inspection {
  const { complete, behaviour, score, native, capabilities, findings } = given;
  return {
    findings: findings.map((finding) => ({ ...finding, message: finding.code })),
    complete,
    startupHooks: Array.from({ length: given.startup_hooks }, (_, i) => ({
      file: `hook${i}.pth`,
      sha256: String(i).padStart(64, '0') as Sha256,
      runsCode: true,
    })),
    nativeFiles: native ? ['demo/native.so'] : [],
    behaviour: {
      score,
      verdict: behaviour,
      findings: [],
      capabilities: capabilities.map(({ name, context, file }) => ({ capability: name, context, file, line: 1 })),
      units: [],
      complete,
      limits: [],
    },
    seconds: 0,
  };
}
