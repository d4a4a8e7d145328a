import { listOf, type Table, tableOf, textOf, textsOf } from './loose.ts';
import { sourceReason } from './source-reason.ts';

export type PoetryRequirement = {
  /** As a dependency specifier (PEP 508). */
  readonly text: string;
  readonly path: readonly string[];
  readonly part: string | undefined;
};

/** `[tool.poetry.dependencies]` and the groups asked for, as dependency specifiers. */
export function poetryRequirements(root: Table, groups: readonly string[]): readonly PoetryRequirement[] {
  const poetry = tableOf(tableOf(root.tool).poetry);
  const found = readTable(poetry.dependencies, ['tool', 'poetry', 'dependencies'], undefined);
  for (const group of groups) {
    const path = ['tool', 'poetry', 'group', group, 'dependencies'];
    found.push(...readTable(tableOf(tableOf(poetry.group)[group]).dependencies, path, group));
    if (group === 'dev')
      found.push(...readTable(poetry['dev-dependencies'], ['tool', 'poetry', 'dev-dependencies'], group));
  }
  return found;
}

function readTable(value: unknown, path: readonly string[], part: string | undefined): PoetryRequirement[] {
  return Object.entries(tableOf(value)).flatMap(([name, entry]) => {
    if (name === 'python') return [];
    return (Array.isArray(entry) ? listOf(entry) : [entry]).flatMap((one) => {
      const table = typeof one === 'string' ? { version: one } : tableOf(one);
      // With [project] beside it, Poetry's table only adds where a dependency comes from.
      if (table.optional === true || (table.version === undefined && sourceReason(table) === undefined)) return [];
      return [{ text: specifierText(name, table), path: [...path, name], part }];
    });
  });
}

function specifierText(name: string, table: Table): string {
  const extras = textsOf(table.extras);
  const what = extras.length > 0 ? `${name}[${extras.join(',')}]` : name;
  const url =
    textOf(table.url) ?? textOf(table.git) ?? (table.path === undefined ? undefined : `file:${textOf(table.path)}`);
  const markers = [textOf(table.markers), pythonMarker(textOf(table.python))].flatMap((one) => one ?? []);
  const marker = markers.length === 0 ? '' : ` ; ${markers.map((one) => `(${one})`).join(' and ')}`;
  if (url !== undefined) return `${what} @ ${table.git === undefined ? '' : 'git+'}${url}${marker}`;
  return `${what}${poetrySpecifiers(textOf(table.version) ?? '*')}${marker}`;
}

/** Poetry's `python = "^3.9"` of one dependency. Alternatives (`||`) stay open: such a dependency may apply anywhere. */
function pythonMarker(python: string | undefined): string | undefined {
  if (python === undefined || python.includes('|')) return undefined;
  const clauses = poetrySpecifiers(python).split(',').filter(Boolean);
  return clauses
    .map((clause) =>
      clause.replace(/^([~=!<>]+)(.*)$/, (_, operator, version) => `python_full_version ${operator} "${version}"`),
    )
    .join(' and ');
}

/** Poetry's constraint as specifiers of PEP 440: `^1.2` is `>=1.2,<2`, `~1.2` is `>=1.2,<1.3`, bare `1.2` is `==1.2`. */
export function poetrySpecifiers(constraint: string): string {
  return constraint
    .split(/[,\s]+(?=[\^~<>=!\d*])/)
    .map((clause) => clauseSpecifiers(clause.trim()))
    .filter((clause) => clause !== '')
    .join(',');
}

function clauseSpecifiers(clause: string): string {
  const [, operator = '', version = ''] = /^(\^|~(?!=)|[<>=!~]=?=?)?\s*(.*)$/.exec(clause) ?? [];
  if (version === '*' || version === '') return '';
  if (operator === '^') return `>=${version},<${nextAfter(version, caretPlace(version))}`;
  if (operator === '~') return `>=${version},<${nextAfter(version, version.includes('.') ? 1 : 0)}`;
  if (operator === '' || operator === '=') return `==${version}`;
  return `${operator}${version}`;
}

/** The first number that is not zero, or the last one given. */
function caretPlace(version: string): number {
  const numbers = releaseNumbers(version);
  const first = numbers.findIndex((number) => number !== 0);
  return first === -1 ? numbers.length - 1 : first;
}

function nextAfter(version: string, place: number): string {
  const numbers = releaseNumbers(version).slice(0, place + 1);
  return [...numbers.slice(0, place), (numbers[place] ?? 0) + 1].join('.');
}

function releaseNumbers(version: string): readonly number[] {
  return (/^[\d.]*\d/.exec(version)?.[0] ?? '0').split('.').map(Number);
}
