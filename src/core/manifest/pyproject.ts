import { hasCode } from '../errors.ts';
import { tryParseProjectName } from '../python/name.ts';
import { parseRequirement } from '../python/requirement.ts';
import { classifySpecifier } from './classify-requirement.ts';
import { listOf, tableOf, textOf, textsOf } from './loose.ts';
import type { Manifest, Place } from './manifest.ts';
import { ManifestBuilder } from './manifest-builder.ts';
import { readPoetryTables } from './poetry-tables.ts';
import type { Document, LineOf } from './read-document.ts';
import { urlNotes } from './requirement-notes.ts';
import { sourceReason } from './source-reason.ts';

/** Where a list of requirements stands, and what its members are called. */
type RequirementList = { readonly path: readonly string[]; readonly value: unknown; readonly group?: string };

/**
 * Reads what pyproject.toml asks for: PEP 621 dependencies and extras, PEP 735 groups, build requirements, and the tables
 * of uv, PDM and Poetry. Most of it is ranges, which are unaudited: the lock file is what says the versions.
 */
export function readPyproject({ root, lineOf }: Document, file: string): Manifest {
  const project = tableOf(root.project);
  const tool = tableOf(root.tool);
  const uv = tableOf(tool.uv);
  const into = new ManifestBuilder();
  const own = tryParseProjectName(textOf(project.name) ?? textOf(tableOf(tool.poetry).name) ?? '');
  const sources = new Map(
    Object.entries(tableOf(uv.sources)).map(([name, source]) => [tryParseProjectName(name) ?? name, source] as const),
  );
  const lists: RequirementList[] = [
    { path: ['project', 'dependencies'], value: project.dependencies },
    ...named(['project', 'optional-dependencies'], project['optional-dependencies']),
    ...named(['dependency-groups'], root['dependency-groups']),
    { path: ['build-system', 'requires'], value: tableOf(root['build-system']).requires, group: 'build' },
    { path: ['tool', 'uv', 'dev-dependencies'], value: uv['dev-dependencies'], group: 'dev' },
    { path: ['tool', 'uv', 'constraint-dependencies'], value: uv['constraint-dependencies'], group: 'constraint' },
    { path: ['tool', 'uv', 'override-dependencies'], value: uv['override-dependencies'], group: 'override' },
    ...named(['tool', 'pdm', 'dev-dependencies'], tableOf(tool.pdm)['dev-dependencies']),
  ];
  for (const { path, value, group } of lists) {
    for (const [at, item] of listOf(value).entries()) {
      const place = placeOf(file, lineOf, [...path, at]);
      if (typeof item === 'string') readItem(item, place, group, { into, own, sources });
      else checkInclude(item, place, tableOf(root['dependency-groups']), into);
    }
  }
  for (const field of textsOf(project.dynamic)) {
    if (!/dependencies$/.test(field)) continue;
    into.unaudited(`dynamic ${field}`, 'dynamic', placeOf(file, lineOf, ['project', 'dynamic']));
  }
  readPoetryTables(tableOf(tool.poetry), (...path) => placeOf(file, lineOf, ['tool', 'poetry', ...path]), into);
  return into.build();
}

type Context = {
  readonly into: ManifestBuilder;
  readonly own: string | undefined;
  readonly sources: ReadonlyMap<string, unknown>;
};

function readItem(text: string, place: Place, group: string | undefined, { into, own, sources }: Context): void {
  // PDM writes editable members of its groups as pip does.
  if (/^-e\s/.test(text)) {
    into.unaudited(text, 'editable', place, group);
    return;
  }
  try {
    const classified = classifySpecifier(parseRequirement(text));
    // An extra that names its own project stands for other extras.
    if (classified.name === own) return;
    const source = sources.get(classified.name ?? '');
    const listed = listOf(source);
    const reasons = (listed.length > 0 ? listed : [source]).map((one) => sourceReason(tableOf(one)));
    const reason = reasons.find((one) => one !== undefined);
    if (reason === 'workspace') return;
    if (reason !== undefined) into.unaudited(text, reason, place, group);
    else if (classified.kind === 'pin') into.pin({ ...classified, group }, place);
    else {
      into.unaudited(text.replace(/\/\/[^/@\s]*@/g, '//'), classified.reason, place, group);
      for (const note of classified.url === undefined ? [] : urlNotes(classified.url)) {
        into.note(note.code, note.message, place);
      }
    }
  } catch (error) {
    if (!hasCode(error, 'REQUIREMENT_INVALID')) throw error;
    into.error(error.message, place);
  }
}

/** What a group includes is read where it stands; here only that it is there, and that the chain ends. */
function checkInclude(item: unknown, place: Place, groups: Readonly<Record<string, unknown>>, into: ManifestBuilder) {
  const lists = new Map(Object.entries(groups).map(([name, list]) => [tryParseProjectName(name) ?? name, list]));
  const first = textOf(tableOf(item)['include-group']);
  if (first === undefined) {
    into.error('neither a requirement nor an include-group', place);
    return;
  }
  const visit = (name: string, above: readonly string[]): string | undefined => {
    const key = tryParseProjectName(name) ?? name;
    if (above.includes(key)) return `group ${key} includes itself`;
    if (!lists.has(key)) return `there is no group ${key}`;
    for (const inner of listOf(lists.get(key))) {
      const next = textOf(tableOf(inner)['include-group']);
      const problem = next === undefined ? undefined : visit(next, [...above, key]);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
  const problem = visit(first, []);
  if (problem !== undefined) into.error(problem, place);
}

function named(path: readonly string[], tables: unknown): readonly RequirementList[] {
  return Object.entries(tableOf(tables)).map(([group, value]) => ({ path: [...path, group], value, group }));
}

/** The nearest line above what has none of its own. */
function placeOf(file: string, lineOf: LineOf, path: readonly (string | number)[]): Place {
  for (let length = path.length; length > 0; length--) {
    const line = lineOf(...path.slice(0, length));
    if (line !== undefined) return { file, line };
  }
  return { file, line: 1 };
}
