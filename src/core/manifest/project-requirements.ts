import { hasCode, WheelgateError } from '../errors.ts';
import { type ProjectName, tryParseProjectName } from '../python/name.ts';
import { quoted } from '../python/quoted.ts';
import { parseRequirement } from '../python/requirement.ts';
import { urlReason } from './classify-requirement.ts';
import type { DirectRequirement, DirectRequirements, ProjectParts } from './direct-requirements.ts';
import { listOf, type Table, tableOf, textOf, textsOf } from './loose.ts';
import type { ManifestError, Place, Unaudited } from './manifest.ts';
import { poetryRequirements } from './poetry-requirements.ts';
import type { Document, LineOf } from './read-document.ts';
import { sourceReason } from './source-reason.ts';

type Found = Pick<DirectRequirements, 'requirements' | 'unlockable' | 'errors'>;

/** One text of a list, and where it stands. */
type Entry = { readonly text: string; readonly place: Place; readonly part: string | undefined };

/**
 * What pyproject.toml asks for itself: `[project]` with the extras asked for, groups (PEP 735) with what they include, and
 * Poetry's tables where there is no `[project]`. An extra of the project that names the project stands for other extras.
 */
export function projectRequirements(document: Document, file: string, { extras, groups }: ProjectParts): Found {
  const { root, lineOf } = document;
  const project = tableOf(root.project);
  const requirements: DirectRequirement[] = [];
  const unlockable: Unaudited[] = [];
  const errors: ManifestError[] = [];
  const name = textOf(project.name) ?? textOf(tableOf(tableOf(root.tool).poetry).name);
  const own = tryParseProjectName(name ?? '');
  const sources = uvSources(root);
  const reader = new PartReader(root, file, lineOf);
  const entries = [
    ...reader.list(project.dependencies, ['project', 'dependencies'], undefined),
    ...groups.flatMap((group) => reader.group(group)),
    ...poetryRequirements(root, groups).map(({ text, path, part }) => ({ text, part, place: reader.place(path) })),
  ];
  const wantedExtras = extras.map((extra) => tryParseProjectName(extra) ?? extra);
  const seenExtras = new Set<string>();
  const readEntry = ({ text, place, part }: Entry): void => {
    try {
      const requirement = parseRequirement(text);
      if (requirement.project === own) {
        wantedExtras.push(...requirement.extras);
        return;
      }
      const reason = requirement.url === undefined ? sources.get(requirement.project) : urlReason(requirement.url);
      if (reason !== undefined) unlockable.push({ ...place, requirement: withoutUser(text), reason });
      else requirements.push({ ...place, requirement, origin: originOf(own, part, file) });
    } catch (error) {
      if (!hasCode(error, 'REQUIREMENT_INVALID')) throw error;
      errors.push({ message: error.message, ...place });
    }
  };
  for (const entry of entries) readEntry(entry);
  for (let extra = wantedExtras.shift(); extra !== undefined; extra = wantedExtras.shift()) {
    if (seenExtras.has(extra)) continue;
    seenExtras.add(extra);
    for (const entry of reader.extra(extra)) readEntry(entry);
  }
  for (const field of textsOf(project.dynamic)) {
    if (!/^(?:optional-)?dependencies$/.test(field)) continue;
    const place = reader.place(['project', 'dynamic']);
    unlockable.push({ ...place, requirement: `dynamic ${field}`, reason: 'dynamic' });
  }
  return { requirements, unlockable, errors: [...errors, ...reader.errors] };
}

class PartReader {
  readonly errors: ManifestError[] = [];
  readonly #root: Table;
  readonly #file: string;
  readonly #lineOf: LineOf;

  constructor(root: Table, file: string, lineOf: LineOf) {
    this.#root = root;
    this.#file = file;
    this.#lineOf = lineOf;
  }

  /** The nearest line above what has none of its own. */
  place(path: readonly (string | number)[]): Place {
    for (let length = path.length; length > 0; length--) {
      const line = this.#lineOf(...path.slice(0, length));
      if (line !== undefined) return { file: this.#file, line };
    }
    return { file: this.#file, line: 1 };
  }

  list(value: unknown, path: readonly string[], part: string | undefined): readonly Entry[] {
    return listOf(value).flatMap((item, at) => {
      const place = this.place([...path, at]);
      if (typeof item === 'string') return [{ text: item, place, part }];
      this.errors.push({ ...place, message: 'not a requirement' });
      return [];
    });
  }

  /** @throws {WheelgateError} USAGE when there is no such extra */
  extra(name: string): readonly Entry[] {
    const tables = tableOf(tableOf(this.#root.project)['optional-dependencies']);
    const key = findKey(tables, name);
    if (key === undefined) throw this.#missing('extra', name, Object.keys(tables));
    return this.list(tables[key], ['project', 'optional-dependencies', key], key);
  }

  /** A group with what it includes (PEP 735). @throws {WheelgateError} USAGE when there is no such group */
  group(name: string, above: readonly string[] = []): readonly Entry[] {
    const groups = tableOf(this.#root['dependency-groups']);
    const key = findKey(groups, name);
    // Poetry has groups of its own.
    if (key === undefined && above.length === 0 && hasPoetryGroup(this.#root, name)) return [];
    if (key === undefined) throw this.#missing('group', name, Object.keys(groups));
    const path = ['dependency-groups', key];
    if (above.includes(key)) {
      this.errors.push({ ...this.place(path), message: `group ${key} includes itself` });
      return [];
    }
    return listOf(groups[key]).flatMap((item, at) => {
      const included = textOf(tableOf(item)['include-group']);
      if (included !== undefined) return this.group(included, [...above, key]);
      const place = this.place([...path, at]);
      if (typeof item === 'string') return [{ text: item, place, part: above[0] ?? key }];
      this.errors.push({ ...place, message: 'neither a requirement nor an include-group' });
      return [];
    });
  }

  #missing(what: string, name: string, there: readonly string[]): WheelgateError {
    return new WheelgateError(
      'USAGE',
      `${this.#file} has no ${what} ${quoted(name)}`,
      there.length > 0 ? `It has ${there.join(', ')}.` : `It has no ${what}s.`,
    );
  }
}

/** Which projects `[tool.uv.sources]` takes from elsewhere than an index. */
function uvSources(root: Table): ReadonlyMap<ProjectName | string, Unaudited['reason']> {
  const found = new Map<ProjectName | string, Unaudited['reason']>();
  for (const [name, value] of Object.entries(tableOf(tableOf(tableOf(root.tool).uv).sources))) {
    const listed = listOf(value);
    for (const one of listed.length > 0 ? listed : [value]) {
      const reason = sourceReason(tableOf(one));
      if (reason !== undefined) found.set(tryParseProjectName(name) ?? name, reason === 'workspace' ? 'path' : reason);
    }
  }
  return found;
}

function hasPoetryGroup(root: Table, name: string): boolean {
  const poetry = tableOf(tableOf(root.tool).poetry);
  return (
    findKey(tableOf(poetry.group), name) !== undefined || (name === 'dev' && poetry['dev-dependencies'] !== undefined)
  );
}

function findKey(table: Table, name: string): string | undefined {
  const wanted = tryParseProjectName(name) ?? name;
  return Object.keys(table).find((key) => (tryParseProjectName(key) ?? key) === wanted);
}

function originOf(own: string | undefined, part: string | undefined, file: string): string {
  return `${own ?? 'project'}${part === undefined ? '' : `:${part}`} (${file})`;
}

function withoutUser(text: string): string {
  return text.replace(/\/\/[^/@\s]*@/g, '//');
}
