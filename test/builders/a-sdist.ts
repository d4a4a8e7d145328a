import { aTar, type TarEntry, type TarOver } from './a-tar.ts';

export type SdistOver = {
  project?: string;
  version?: string;
  /** Path below the top folder → content; a package with an `__init__.py` by default. */
  files?: Readonly<Record<string, string | Uint8Array>>;
  /** The whole PKG-INFO member; null leaves it out. */
  pkgInfo?: string | null;
  /** setup.py; null leaves it out; a call of `setup()` by default. */
  setup?: string | null;
  /** pyproject.toml; null (default) leaves it out. */
  pyproject?: string | null;
  /** Members as tar knows them, paths from the root of the archive. */
  members?: readonly TarEntry[];
  tar?: TarOver;
};

/** `demo-1.0.0.tar.gz`: what an sdist of these coordinates is called. */
export function aSdistName({ project = 'demo', version = '1.0.0' }: SdistOver = {}): string {
  return `${sdistFolder(project, version)}.tar.gz`;
}

/** A valid, boring sdist (tar, gzip). A test names only what it is about: `aSdist({ setup: 'import os' })`. */
export function aSdist(over: SdistOver = {}): Uint8Array {
  const { project = 'demo', version = '1.0.0' } = over;
  const folder = sdistFolder(project, version);
  const name = project.replace(/[-_.]+/g, '_').toLowerCase();
  const files: [string, string | Uint8Array | null][] = [
    [
      'PKG-INFO',
      over.pkgInfo === undefined ? `Metadata-Version: 2.1\nName: ${project}\nVersion: ${version}\n` : over.pkgInfo,
    ],
    [
      'setup.py',
      over.setup === undefined
        ? `from setuptools import setup\n\nsetup(name="${project}", version="${version}")\n`
        : over.setup,
    ],
    ['pyproject.toml', over.pyproject ?? null],
    ...Object.entries(over.files ?? { [`${name}/__init__.py`]: '"""Does nothing."""\n' }),
  ];
  const members = files.flatMap(([path, data]) => (data === null ? [] : [{ name: `${folder}/${path}`, data }]));
  return aTar([{ name: `${folder}/`, type: '5', mode: 0o755 }, ...members, ...(over.members ?? [])], over.tar);
}

function sdistFolder(project: string, version: string): string {
  return `${project.replace(/[-_.]+/g, '_').toLowerCase()}-${version}`;
}
