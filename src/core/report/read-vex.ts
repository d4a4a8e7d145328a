import { WheelgateError } from '../errors.ts';
import type { ProjectName } from '../python/name.ts';
import { parsePurl } from '../python/purl.ts';
import type { IgnoreEntry } from './ignores.ts';

/** What a VEX file says, as far as it lets findings be passed over. */
export type VexFile = { readonly ignores: readonly IgnoreEntry[]; readonly warnings: readonly string[] };

type Release = { readonly project: ProjectName; readonly version?: string };
type Fields = Readonly<Record<string, unknown>>;

/** Of a defect that does not affect a release: CycloneDX 1.6 `analysis.state`, OpenVEX 0.2.0 `status`. */
const HARMLESS_STATES = new Set(['not_affected', 'false_positive', 'resolved', 'resolved_with_pedigree']);
const HARMLESS_STATUSES = new Set(['not_affected', 'fixed']);

/**
 * Reads CycloneDX (JSON, with `analysis`) or OpenVEX: every statement that a release is not affected, or has the fix, is an
 * ignore of that release alone. What a file accepts as a risk, or is still looking at, stays a finding. Of several OpenVEX
 * statements about one defect and product the latest counts.
 * @param file its name, for messages
 * @throws {WheelgateError} INPUT_UNREADABLE
 */
export function readVex(text: string, file: string): VexFile {
  let document: unknown;
  try {
    document = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw unreadable(file, 'is not JSON', error);
  }
  const fields = fieldsOf(document);
  if (fields.bomFormat === 'CycloneDX') return readCycloneDx(fields, file);
  if (String(fields['@context'] ?? '').startsWith('https://openvex.dev/ns')) return readOpenVex(fields, file);
  throw unreadable(file, 'is neither CycloneDX nor OpenVEX');
}

function readCycloneDx({ components, vulnerabilities }: Fields, file: string): VexFile {
  const byRef = new Map(
    componentsIn(components).flatMap((one) =>
      typeof one['bom-ref'] === 'string' && typeof one.purl === 'string' ? [[one['bom-ref'], one.purl] as const] : [],
    ),
  );
  const ignores: IgnoreEntry[] = [];
  let unplaced = 0;
  for (const one of listOf(vulnerabilities).map(fieldsOf)) {
    const analysis = fieldsOf(one.analysis);
    if (!HARMLESS_STATES.has(String(analysis.state))) continue;
    const ids = [one.id, ...listOf(one.references).map((other) => fieldsOf(other).id)].filter(isText);
    const releases = listOf(one.affects).flatMap((affected) => {
      const { ref, versions } = fieldsOf(affected);
      return typeof ref === 'string' ? releasesOf(purlOf(ref, byRef), listOf(versions).map(fieldsOf)) : [];
    });
    if (ids.length === 0 || releases.length === 0) unplaced++;
    else ignores.push(...entriesOf(ids, releases, say(file, analysis.detail, analysis.justification, analysis.state)));
  }
  return { ignores, warnings: warningsOf(file, unplaced) };
}

/** Components stand within components. */
function componentsIn(list: unknown, depth = 0): readonly Fields[] {
  if (depth > 20) return [];
  return listOf(list)
    .map(fieldsOf)
    .flatMap((one) => [one, ...componentsIn(one.components, depth + 1)]);
}

/** A reference is that of a component, of one in another document (BOM-Link, whose fragment names it), or a purl itself. */
function purlOf(ref: string, byRef: ReadonlyMap<string, string>): string {
  const fragment = /^urn:cdx:[^#]*#(.+)$/.exec(ref)?.[1];
  const name = fragment === undefined ? ref : decoded(fragment);
  return byRef.get(name) ?? name;
}

/** @param versions those that the statement names; ranges of the vers kind cannot be read, and leave the release out */
function releasesOf(purl: string, versions: readonly Fields[]): readonly Release[] {
  const release = releaseOf(purl);
  if (release === undefined || release.version !== undefined || versions.length === 0) return release ? [release] : [];
  return versions.flatMap(({ version }) => (isText(version) ? [{ project: release.project, version }] : []));
}

function readOpenVex({ statements, timestamp }: Fields, file: string): VexFile {
  const timed = listOf(statements)
    .map(fieldsOf)
    .map((one) => ({ one, at: Date.parse(String(one.timestamp ?? timestamp ?? '')) || 0 }))
    .sort((a, b) => a.at - b.at);
  const latest = new Map<string, readonly IgnoreEntry[]>();
  let unplaced = 0;
  for (const { one } of timed) {
    const vulnerability =
      typeof one.vulnerability === 'string' ? { name: one.vulnerability } : fieldsOf(one.vulnerability);
    const ids = [vulnerability.name, ...listOf(vulnerability.aliases)].filter(isText);
    const isHarmless = HARMLESS_STATUSES.has(String(one.status));
    const releases = productsOf(one.products).flatMap((purl) => releaseOf(purl) ?? []);
    if (isHarmless && (ids.length === 0 || releases.length === 0)) unplaced++;
    const reason = say(file, one.impact_statement ?? one.status_notes, one.justification, one.status);
    for (const release of releases) {
      const key = JSON.stringify([ids[0], release.project, release.version]);
      latest.set(key, isHarmless ? entriesOf(ids, [release], reason) : []);
    }
  }
  return { ignores: [...latest.values()].flat(), warnings: warningsOf(file, unplaced) };
}

/** What is in a product counts, where something is named. */
function productsOf(products: unknown): readonly string[] {
  return listOf(products).flatMap((product) => {
    const inner = listOf(fieldsOf(product).subcomponents);
    return (inner.length > 0 ? inner : [product]).flatMap((one) => {
      const fields = fieldsOf(one);
      const purl = fieldsOf(fields.identifiers).purl ?? fields['@id'] ?? one;
      return typeof purl === 'string' ? [purl] : [];
    });
  });
}

function entriesOf(ids: readonly string[], releases: readonly Release[], reason: string): readonly IgnoreEntry[] {
  return ids.map((id) => ({ id, reason, releases }));
}

function releaseOf(purl: string): Release | undefined {
  try {
    const { project, version, rawVersion } = parsePurl(purl);
    const text = version?.text ?? rawVersion;
    return { project, ...(text !== undefined && { version: text }) };
  } catch {
    return undefined;
  }
}

function say(file: string, ...said: readonly unknown[]): string {
  return `${said.find((one) => isText(one) && one.trim() !== '') ?? 'not affected'}, says ${file}`;
}

function warningsOf(file: string, unplaced: number): readonly string[] {
  return unplaced === 0 ? [] : [`${file}: ${unplaced} statements name no defect or no release of PyPI`];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 5_000;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function unreadable(file: string, problem: string, cause?: unknown): WheelgateError {
  return new WheelgateError(
    'INPUT_UNREADABLE',
    `the VEX file ${file} ${problem}`,
    'Give a CycloneDX or OpenVEX file in JSON.',
    cause,
  );
}
