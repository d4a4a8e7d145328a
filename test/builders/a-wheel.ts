import { createHash } from 'node:crypto';
import { aZip, type ZipEntry, type ZipOver } from './a-zip.ts';
import { encode } from './bytes.ts';

export type WheelOver = {
  project?: string;
  version?: string;
  /** `py3-none-any` by default. */
  tag?: string;
  /** Path → content of the members beside the dist-info folder; a package with an `__init__.py` by default. */
  files?: Readonly<Record<string, string | Uint8Array>>;
  /** Values of Requires-Dist. */
  requires?: readonly string[];
  /** The whole METADATA member; null leaves it out. */
  metadata?: string | null;
  /** The whole WHEEL member; null leaves it out. */
  wheel?: string | null;
  /** Further members of the dist-info folder, `entry_points.txt` for one. */
  distInfo?: Readonly<Record<string, string | Uint8Array>>;
  /** The whole RECORD member; null leaves it out; a function edits the right one. */
  record?: string | null | ((right: string) => string);
  /** Members that RECORD does not know. */
  unrecorded?: readonly ZipEntry[];
  /** Lies about members by path, and about the archive. */
  lies?: Readonly<Record<string, Partial<ZipEntry>>>;
  zip?: ZipOver;
};

/** `demo-1.0.0-py3-none-any.whl`: what a wheel of these coordinates is called. */
export function aWheelName({ project = 'demo', version = '1.0.0', tag = 'py3-none-any' }: WheelOver = {}): string {
  return `${escapeName(project)}-${version}-${tag}.whl`;
}

/** A valid, boring wheel. A test names only what it is about: `aWheel({ files: { 'a.pth': 'import os' } })`. */
export function aWheel(over: WheelOver = {}): Uint8Array {
  const { project = 'demo', version = '1.0.0', tag = 'py3-none-any', requires = [] } = over;
  const folder = `${escapeName(project)}-${version}.dist-info`;
  const metadata = [
    'Metadata-Version: 2.1',
    `Name: ${project}`,
    `Version: ${version}`,
    ...requires.map((requirement) => `Requires-Dist: ${requirement}`),
    '',
    `${project} does nothing.`,
    '',
  ].join('\n');
  const wheel = `Wheel-Version: 1.0\nGenerator: wheelgate-tests\nRoot-Is-Purelib: true\nTag: ${tag}\n`;
  const members: [string, string | Uint8Array | null][] = [
    ...Object.entries(over.files ?? { [`${escapeName(project)}/__init__.py`]: '"""Does nothing."""\n' }),
    ...Object.entries(over.distInfo ?? {}).map(([name, data]) => [`${folder}/${name}`, data] as [string, typeof data]),
    [`${folder}/METADATA`, over.metadata === undefined ? metadata : over.metadata],
    [`${folder}/WHEEL`, over.wheel === undefined ? wheel : over.wheel],
  ];
  const present = members.flatMap(([name, data]) => (data === null ? [] : [{ name, data }]));
  const right = [...present.map(({ name, data }) => recordLine(name, data)), `${folder}/RECORD,,`, ''].join('\n');
  const record =
    typeof over.record === 'function' ? over.record(right) : over.record === undefined ? right : over.record;
  const entries = [...present, ...(record === null ? [] : [{ name: `${folder}/RECORD`, data: record }])];
  return aZip(
    [...entries.map((entry) => ({ ...entry, ...over.lies?.[entry.name] })), ...(over.unrecorded ?? [])],
    over.zip,
  );
}

/** A line of RECORD: path, sha256 in URL-safe base64 without padding, size. */
function recordLine(name: string, data: string | Uint8Array): string {
  const bytes = encode(data);
  const path = /[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
  return `${path},sha256=${createHash('sha256').update(bytes).digest('base64url')},${bytes.length}`;
}

function escapeName(project: string): string {
  return project.replace(/[-_.]+/g, '_').toLowerCase();
}
