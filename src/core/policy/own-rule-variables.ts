import { Environment } from '@marcbachmann/cel-js';
import { isPrerelease } from '../python/version.ts';
import type { Evidence } from './evidence.ts';

/**
 * What an expression of an own rule may name, with CEL types; docs/policy.md lists them. What is not known is absent, so that
 * an expression has to ask `has(…)` first: an absent value is never a good one.
 */
const TYPES = {
  Index: { name: 'string' },
  Project: {
    name: 'string',
    status: 'string',
    /** Something of it was allowed or approved on this index before. */
    in_use: 'bool',
    private: 'bool',
    upstream: 'string',
    /** The name it could be mistaken for; absent when there is none. */
    looks_like: 'string',
  },
  File: {
    name: 'string',
    kind: 'string',
    version: 'string',
    prerelease: 'bool',
    sha256: 'string',
    size: 'int',
    uploaded: 'google.protobuf.Timestamp',
    yanked: 'bool',
  },
  Advisory: {
    id: 'string',
    kind: 'string',
    severity: 'string',
    score: 'double',
    fixed: 'list<string>',
    /** Absent when EPSS is not held or does not know it. */
    epss: 'double',
    /** False says no more than that it is not known to be listed: own rules only ever add. */
    kev: 'bool',
  },
  Capability: { name: 'string', context: 'string', file: 'string' },
  Observation: { rule: 'string', code: 'string', effect: 'string', file: 'string' },
  Inspection: {
    complete: 'bool',
    score: 'double',
    native: 'bool',
    startup_hooks: 'int',
    capabilities: 'list<Capability>',
    findings: 'list<Observation>',
  },
} as const;

/** Asking for it before the bytes were read gathers evidence; it decides nothing. */
export const NEEDS_INSPECTION = 'inspection';

/** The declarations against which every expression is type-checked when a policy file is read. */
export const OWN_RULE_ENVIRONMENT = new Environment({ limits: { maxAstNodes: 2_000, maxDepth: 50 } })
  .registerType({ name: 'Advisory', fields: TYPES.Advisory })
  .registerType({ name: 'Capability', fields: TYPES.Capability })
  .registerType({ name: 'Observation', fields: TYPES.Observation })
  .registerVariable('now', 'google.protobuf.Timestamp')
  .registerVariable({ name: 'index', schema: TYPES.Index })
  .registerVariable({ name: 'project', schema: TYPES.Project })
  .registerVariable({ name: 'file', schema: TYPES.File })
  .registerVariable('advisories', 'list<Advisory>')
  .registerVariable({ name: NEEDS_INSPECTION, schema: TYPES.Inspection });

/** Every name an expression may use, as `file.size` or `advisories[].id`, with its type: docs/policy.md is checked against it. */
export function ownRuleVariables(): ReadonlyMap<string, string> {
  const names = new Map<string, string>([['now', 'google.protobuf.Timestamp']]);
  const add = (owner: string, shape: Readonly<Record<string, string>>) => {
    for (const [key, type] of Object.entries(shape)) {
      const listed = LISTED[type];
      if (listed) add(`${owner}.${key}[]`, listed);
      else names.set(`${owner}.${key}`, type);
    }
  };
  add('index', TYPES.Index);
  add('project', TYPES.Project);
  add('file', TYPES.File);
  add('advisories[]', TYPES.Advisory);
  add(NEEDS_INSPECTION, TYPES.Inspection);
  return names;
}

const LISTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'list<Capability>': TYPES.Capability,
  'list<Observation>': TYPES.Observation,
};

/** The values behind those names for one file at one time. */
export function ownRuleContext(
  { file, project, advisories, inspection }: Evidence,
  now: Date,
): Record<string, unknown> {
  const version = file.version?.text ?? file.rawVersion;
  return {
    now,
    index: { name: file.index },
    project: present({
      name: file.project,
      status: project.status,
      in_use: project.approvedBefore,
      private: project.privateUpstream,
      upstream: project.upstream,
      looks_like: project.lookalike?.other,
    }),
    file: present({
      name: file.filename,
      kind: file.kind,
      version,
      prerelease: file.version && isPrerelease(file.version),
      sha256: file.sha256,
      size: file.size === undefined ? undefined : BigInt(file.size),
      uploaded: file.age?.at,
      yanked: file.yanked !== undefined,
    }),
    advisories: advisories.matches.map(({ id, kind, severity, fixed, exploitation }) =>
      present({
        id,
        kind,
        severity: severity?.level ?? 'unknown',
        score: severity?.score,
        fixed: [...fixed],
        epss: exploitation?.epss?.score,
        kev: exploitation?.kev !== undefined,
      }),
    ),
    ...(inspection !== 'not-run' && {
      [NEEDS_INSPECTION]: present({
        complete: inspection.complete,
        score: inspection.behaviour?.score,
        native: inspection.nativeFiles.length > 0,
        startup_hooks: BigInt(inspection.startupHooks.length),
        capabilities: inspection.behaviour?.capabilities.map(({ capability, context, file: path }) => ({
          name: capability,
          context,
          file: path,
        })),
        findings: inspection.findings.map(({ rule, code, effect, file: path }) =>
          present({ rule, code, effect, file: path }),
        ),
      }),
    }),
  };
}

function present(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
