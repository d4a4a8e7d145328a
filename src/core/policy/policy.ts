import { createHash } from 'node:crypto';
import { parse as parseToml, TomlError } from 'smol-toml';
import { z } from 'zod';
import { CAPABILITIES, type CapabilityName } from '../analysis/capabilities.ts';
import { parseDurationMs, writeDuration } from '../duration.ts';
import { WheelgateError } from '../errors.ts';
import { parsedWith } from '../parsed-with.ts';
import { type ReviewSettings, reviewSettings } from '../review/review-settings.ts';
import { type DenyList, NO_DENY_LIST } from './deny-list.ts';
import { compileOwnRule, type OwnRule } from './own-rule.ts';
import { namePattern } from './rules/name-pattern.ts';

const duration = z.string().transform(parsedWith(parseDurationMs));
const severity = z.enum(['low', 'medium', 'high', 'critical']);
const effect = z.enum(['off', 'note', 'hold', 'block']);

/** Parameters of every rule, with what each one means; `docs/policy.md` is checked against these keys. */
const RULE_SETTINGS = {
  'known-malicious': z.strictObject({ effect }),
  'known-vulnerable': z.strictObject({
    effect,
    /** Advisories below this severity are notes. */
    min_severity: severity,
    /** What an advisory without any score counts as. */
    unknown_severity: severity,
    /** From this EPSS score on (0 to 1) an advisory counts whatever its severity. */
    min_epss: z.union([z.literal('off'), z.number().min(0).max(1)]),
    /** Whether one that is known to be exploited (KEV) counts whatever its severity. */
    kev: z.enum(['ignore', 'count']),
    /** Only when some release fixes it: a hold without a way out helps nobody. */
    only_with_fix: z.boolean(),
    /** Count matches of low confidence: an open range of a record is often wrong about old or much newer releases. */
    low_confidence: z.boolean(),
  }),
  'shared-reviews': z.strictObject({
    effect,
    /** How many trusted teams must have reviewed a whole file so that no person has to here; 0: no number is enough. */
    publishers: z.int().min(0).max(20),
  }),
  cooldown: z.strictObject({
    effect,
    /** Minimum age of a file of a project that nothing was approved of. */
    new_project: duration,
    /** Minimum age of a file of a project that is in use. */
    update: duration,
    /** Minimum age of a release that an advisory names as the fix for one in use. */
    security_fix: duration,
    /** What dates a file without an upload time. */
    unknown_age: z.enum(['last-modified', 'first-seen', 'hold', 'ignore']),
  }),
  archive: z.strictObject({ effect }),
  behaviour: z.strictObject({
    effect,
    /** What a mere suspicion does (a hold, not a block) about code that runs only when somebody calls it. */
    called_code: z.enum(['note', 'hold']),
  }),
  yara: z.strictObject({ effect }),
  'capability-gain': z.strictObject({
    effect,
    /** Capabilities whose gain counts; the others are notes. */
    capabilities: z.array(z.enum(CAPABILITIES)),
    /** Gains in code that runs only when it is called count too; else such a gain is a note. */
    called_code: z.boolean(),
  }),
  'sdist-difference': z.strictObject({ effect }),
  provenance: z.strictObject({ effect }),
  'source-build': z.strictObject({
    effect,
    /** For an sdist whose code was analysed to the end and shows nothing. */
    quiet_analysis: z.enum(['note', 'hold', 'block']),
  }),
  'startup-hook': z.strictObject({
    effect,
    /** sha256 of hook contents that are known and accepted, whatever project ships them. */
    accepted: z.array(z.string().regex(/^[0-9a-f]{64}$/, 'is not a sha256')),
  }),
  'name-confusion': z.strictObject({
    effect,
    /** How many of the most downloaded names to compare with, besides the names in use. */
    top: z.int().min(0).max(15_000),
    /** Names that look like another one and are meant. */
    accepted: z.array(namePattern),
  }),
  'reserved-names': z.strictObject({
    effect,
    /** The team's own names and prefixes: never looked up at a public upstream. */
    names: z.array(namePattern),
  }),
  'project-status': z.strictObject({ effect }),
  yanked: z.strictObject({ effect }),
  'new-project': z.strictObject({
    effect,
    /** Projects that somebody of the team vouches for and keeps an eye on: their attested, older files need no other person. */
    known_good: z.array(z.strictObject({ projects: z.array(namePattern).min(1), maintainer: z.string().min(1) })),
    /** Minimum age of such a file. */
    known_good_age: duration,
  }),
  'feed-age': z.strictObject({ effect, max_age: duration }),
} as const;

export type RuleId = keyof typeof RULE_SETTINGS;
export type RuleSettings = { readonly [Id in RuleId]: z.output<(typeof RULE_SETTINGS)[Id]> };
export type Preset = 'balanced' | 'strict' | 'monitor';

export const RULE_IDS = Object.keys(RULE_SETTINGS) as readonly RuleId[];

type RuleInputs = { readonly [Id in RuleId]: z.input<(typeof RULE_SETTINGS)[Id]> };

/**
 * Start-up hooks that ship with tools nearly everybody installs, by the digest of their content, so that a changed hook
 * is a new one. Read and found harmless.
 */
const ACCEPTED_HOOKS: readonly string[] = [
  // setuptools, distutils-precedence.pth: lets setuptools' own distutils win.
  '2638ce9e2500e572a5e0de7faed6661eb569d1b696fcba07b0dd223da5f5d224',
  // coverage, a1_coverage.pth: starts measuring in subprocesses when COVERAGE_PROCESS_START is set.
  'ef2ed06d19867ec669c09a804060666a9cd5e383af0a9d11aa2de79b77d448e8',
];

/** What an update rarely gains for honest reasons, and an attacker cannot do without. */
const GAINS_THAT_COUNT: readonly CapabilityName[] = [
  'network',
  'process',
  'dynamic-code',
  'environment',
  'native-code',
  'secrets',
  'clipboard',
  'recording',
  'package-install',
  'start-up-hook',
];

const BALANCED: RuleInputs = {
  'known-malicious': { effect: 'block' },
  'known-vulnerable': {
    effect: 'hold',
    min_severity: 'critical',
    unknown_severity: 'medium',
    min_epss: 'off',
    kev: 'count',
    only_with_fix: true,
    low_confidence: false,
  },
  'shared-reviews': { effect: 'block', publishers: 2 },
  cooldown: { effect: 'hold', new_project: '7d', update: '3d', security_fix: '1h', unknown_age: 'last-modified' },
  archive: { effect: 'block' },
  behaviour: { effect: 'block', called_code: 'note' },
  yara: { effect: 'block' },
  'capability-gain': { effect: 'hold', capabilities: [...GAINS_THAT_COUNT], called_code: true },
  'sdist-difference': { effect: 'hold' },
  provenance: { effect: 'hold' },
  'source-build': { effect: 'hold', quiet_analysis: 'note' },
  'startup-hook': { effect: 'hold', accepted: [...ACCEPTED_HOOKS] },
  'name-confusion': { effect: 'hold', top: 2_000, accepted: [] },
  'reserved-names': { effect: 'block', names: [] },
  'project-status': { effect: 'hold' },
  yanked: { effect: 'note' },
  'new-project': { effect: 'off', known_good: [], known_good_age: '30d' },
  'feed-age': { effect: 'note', max_age: '3d' },
};

const PRESETS: Readonly<Record<Preset, RuleInputs>> = {
  balanced: BALANCED,
  strict: {
    ...BALANCED,
    'known-vulnerable': {
      effect: 'hold',
      min_severity: 'high',
      unknown_severity: 'high',
      min_epss: 'off',
      kev: 'count',
      only_with_fix: false,
      low_confidence: true,
    },
    cooldown: { effect: 'hold', new_project: '14d', update: '7d', security_fix: '1h', unknown_age: 'hold' },
    behaviour: { effect: 'block', called_code: 'hold' },
    'source-build': { effect: 'hold', quiet_analysis: 'hold' },
    'name-confusion': { effect: 'hold', top: 15_000, accepted: [] },
    yanked: { effect: 'hold' },
    'new-project': { effect: 'hold', known_good: [], known_good_age: '30d' },
    'feed-age': { effect: 'hold', max_age: '1d' },
  },
  // Serves and records: every rule still speaks, but only as a note. Known malware stays out even while one looks around.
  monitor: {
    ...BALANCED,
    'known-vulnerable': { ...BALANCED['known-vulnerable'], effect: 'note' },
    cooldown: { ...BALANCED.cooldown, effect: 'note' },
    archive: { effect: 'note' },
    behaviour: { ...BALANCED.behaviour, effect: 'note' },
    yara: { effect: 'note' },
    'capability-gain': { ...BALANCED['capability-gain'], effect: 'note' },
    'sdist-difference': { effect: 'note' },
    provenance: { effect: 'note' },
    'source-build': { effect: 'note', quiet_analysis: 'note' },
    'startup-hook': { ...BALANCED['startup-hook'], effect: 'note' },
    'name-confusion': { ...BALANCED['name-confusion'], effect: 'note' },
    'reserved-names': { ...BALANCED['reserved-names'], effect: 'note' },
    'project-status': { effect: 'note' },
  },
};

/** The rules in force on an index. */
export type Policy = {
  readonly preset: Preset;
  /** `yank`: withheld files stay listed as yanked with the reason; `hide`: they are left out (docs/policy.md). */
  readonly listing: 'yank' | 'hide';
  readonly rules: RuleSettings;
  readonly denyList: DenyList;
  /** How people decide what the rules leave to them. */
  readonly reviews: ReviewSettings;
  /** The team's own rules, in the order of the file. */
  readonly ownRules: readonly OwnRule[];
  /** Twelve hex digits over the settings in force: the same settings give the same revision. */
  readonly revision: string;
};

const fileSchema = z.strictObject({
  preset: z.enum(['balanced', 'strict', 'monitor']).default('balanced'),
  listing: z.enum(['yank', 'hide']).default('yank'),
  /** Path of a deny list, from the folder of the policy file on. */
  deny_list: z.string().min(1).optional(),
  rules: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  reviews: reviewSettings.prefault({}),
  own: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]{1,39}$/, 'is not a rule name: lower-case letters, digits and hyphens'),
      z.strictObject({
        when: z.string().min(1).max(4_000),
        effect: z.enum(['note', 'hold', 'block']),
        message: z.string().regex(/^[\x20-\x7e]{1,120}$/, 'is not one line of at most 120 printable ASCII characters'),
      }),
    )
    .default({}),
  /** Read by fixture.ts. */
  fixtures: z.unknown().optional(),
});

/** The settings of a rule by key, as a policy file writes them: durations with their unit instead of milliseconds. */
export function settingsAsWritten(policy: Policy, id: RuleId): Readonly<Record<string, unknown>> {
  const shape: Readonly<Record<string, unknown>> = RULE_SETTINGS[id].shape;
  const entries = Object.entries(policy.rules[id]);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, shape[key] === duration ? writeDuration(Number(value)) : value]),
  );
}

/** An error about a policy file. */
export function invalidPolicy(source: string, problem: string, cause?: unknown): WheelgateError {
  return new WheelgateError(
    'POLICY_INVALID',
    `${source}: ${problem}`,
    'Correct it and run `wheelgate policy check`; docs/policy.md lists every rule and setting.',
    cause,
  );
}

/**
 * Reads a policy file: a preset, then per rule only what differs from it.
 * @param text TOML; empty means preset `balanced`
 * @param source the file's name, for messages
 * @param denyList what the file of `deny_list` holds
 * @throws {WheelgateError} POLICY_INVALID, naming line or key
 */
export function parsePolicy(text: string, source = 'policy.toml', denyList?: DenyList): Policy {
  const file = fileSchema.safeParse(parsePolicyToml(text, source));
  if (!file.success) throw invalidPolicy(source, firstProblem(file.error), file.error);
  const { preset, listing, reviews, deny_list } = file.data;
  if (deny_list !== undefined && denyList === undefined)
    throw invalidPolicy(source, `the deny list ${deny_list} was not read`);
  const rules: Record<string, unknown> = {};
  for (const id of RULE_IDS) {
    const settings = RULE_SETTINGS[id].safeParse({ ...PRESETS[preset][id], ...file.data.rules[id] });
    if (!settings.success) throw invalidPolicy(source, `[rules.${id}] ${firstProblem(settings.error)}`, settings.error);
    rules[id] = settings.data;
  }
  for (const id of Object.keys(file.data.rules)) {
    if (!(id in RULE_SETTINGS))
      throw invalidPolicy(source, `there is no rule "${id}"; the rules are ${RULE_IDS.join(', ')}`);
  }
  const ownRules = Object.entries(file.data.own).map(([id, rule]) => readOwnRule(id, rule, text, source));
  const revised = JSON.stringify({
    preset,
    listing,
    rules,
    reviews,
    ...(ownRules.length > 0 && { own: file.data.own }),
    ...(denyList && { denyList: denyList.sha256 }),
  });
  const revision = createHash('sha256').update(revised).digest('hex').slice(0, 12);
  return {
    preset,
    listing,
    rules: rules as RuleSettings,
    denyList: denyList ?? NO_DENY_LIST,
    reviews,
    ownRules,
    revision,
  };
}

/** The path that `deny_list` of a policy file names. @throws {WheelgateError} POLICY_INVALID when it is no TOML */
export function denyListPath(text: string, source: string): string | undefined {
  const { deny_list } = parsePolicyToml(text, source) as { deny_list?: unknown };
  return typeof deny_list === 'string' && deny_list !== '' ? deny_list : undefined;
}

/** The TOML of a policy file. @throws {WheelgateError} POLICY_INVALID, naming line and column */
export function parsePolicyToml(text: string, source: string): unknown {
  try {
    return parseToml(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [what = ''] = error.message.split('\n');
    throw invalidPolicy(source, `line ${error.line}, column ${error.column}: ${what}`, error);
  }
}

function readOwnRule(
  id: string,
  rule: { readonly when: string; readonly effect: OwnRule['effect']; readonly message: string },
  text: string,
  source: string,
): OwnRule {
  if (id in RULE_SETTINGS || TAKEN_RULE_NAMES.includes(id)) {
    throw invalidPolicy(source, `[own.${id}] there is a built-in rule of that name; call yours something else`);
  }
  const compiled = compileOwnRule({ id, ...rule });
  if ('start' in compiled) {
    throw invalidPolicy(source, `[own.${id}] when, ${placeOf(text, rule.when, compiled.start)}: ${compiled.message}`);
  }
  return compiled;
}

/** Names under which verdicts give reasons that belong to no rule (decide.ts). */
const TAKEN_RULE_NAMES: readonly string[] = [
  'approval',
  'denial',
  'deny-list',
  'revocation',
  'evidence',
  'exemption',
  'kill-switch',
];

/** Line and column in the file where the expression stands there as it is (it may be escaped), else in the expression. */
function placeOf(text: string, expression: string, start: number): string {
  const at = text.indexOf(expression);
  const isFound = at !== -1 && text.indexOf(expression, at + 1) === -1;
  const before = isFound ? text.slice(0, at + start) : expression.slice(0, start);
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  return `line ${line}, column ${column}${isFound ? '' : ' of the expression'}`;
}

/** The first thing that is wrong, as `key.key: what`. */
export function firstProblem(error: z.ZodError): string {
  const [issue] = error.issues;
  const path = issue!.path.join('.');
  return path === '' ? issue!.message : `${path}: ${issue!.message}`;
}
