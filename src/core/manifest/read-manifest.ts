import { hasCode } from '../errors.ts';
import type { FileSource, Manifest } from './manifest.ts';
import { ManifestBuilder } from './manifest-builder.ts';
import type { Document } from './read-document.ts';
import { unreadable } from './unreadable-input.ts';

// Every reader is loaded when a file of its kind comes: a command that reads one kind of file starts sooner.

type TomlReader = (document: Document, file: string, source: FileSource) => Manifest;

const readPyproject = async (): Promise<TomlReader> => (await import('./pyproject.ts')).readPyproject;
const readPipfile = async (): Promise<TomlReader> => (await import('./pipfile.ts')).readPipfile;
const readPylock = async (): Promise<TomlReader> => (await import('../lock/pylock.ts')).readPylock;
const readUvLock = async (): Promise<TomlReader> => (await import('../lock/uv-lock.ts')).readUvLock;
const readPoetryLock = async (): Promise<TomlReader> => (await import('../lock/poetry-lock.ts')).readPoetryLock;
const readPdmLock = async (): Promise<TomlReader> => (await import('../lock/pdm-lock.ts')).readPdmLock;

const TOML_BY_NAME: readonly (readonly [name: RegExp, load: () => Promise<TomlReader>])[] = [
  [/^pyproject\.toml$/, readPyproject],
  [/^pylock\.(?:[^.]+\.)?toml$/, readPylock],
  [/uv\.lock$/, readUvLock],
  [/poetry\.lock$/, readPoetryLock],
  [/pdm\.lock$/, readPdmLock],
  [/^Pipfile$/, readPipfile],
];

/** Wheels and sdists; an archive under another name is no manifest. */
const DISTRIBUTION = /\.(?:whl|zip|tgz|tar\.(?:gz|bz2|xz|zst))$/i;
const OTHER = /(?:\.(?:ya?ml|xml|spdx|json|toml)|^Pipfile\.lock|^METADATA|^PKG-INFO|\.egg-info|^-)$/i;

/**
 * True for what is read as a requirements file: anything that is nothing else by its name. Those are the files that `--fix`
 * writes.
 */
export function isRequirementsName(path: string): boolean {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return ![...TOML_BY_NAME.map(([pattern]) => pattern), DISTRIBUTION, OTHER].some((pattern) => pattern.test(name));
}

/**
 * Reads a manifest, lock, bill of materials or site-packages folder by its name, and else by what is in it. What cannot be
 * read at all is an error of the file, so that others are still read.
 */
export async function readManifest(path: string, source: FileSource): Promise<Manifest> {
  try {
    const names = source.list(path);
    if (names !== undefined) {
      const { isSitePackages, readInstalled } = await import('./installed.ts');
      if (isSitePackages(names)) return readInstalled(path, names, source);
      throw unreadable(`${path} is a folder without installed distributions`);
    }
    return await readFile(path, source.read(path), source);
  } catch (error) {
    if (!hasCode(error, 'INPUT_UNREADABLE')) throw error;
    const failed = new ManifestBuilder();
    failed.error(error.message, { file: path });
    return failed.build();
  }
}

async function readFile(path: string, bytes: Uint8Array, source: FileSource): Promise<Manifest> {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const byName = TOML_BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
  if (byName !== undefined) return readTomlFile(bytes, path, source, byName);
  if (/\.ya?ml$/i.test(name)) {
    const { readCondaEnvironment } = await import('./conda.ts');
    return readCondaEnvironment(bytes, path, source);
  }
  if (DISTRIBUTION.test(name)) {
    const { readDistributionFile } = await import('./distribution-file.ts');
    return readDistributionFile(bytes, path);
  }
  if (/\.xml$/i.test(name)) {
    const { readCycloneDxXml } = await import('./cyclonedx-xml.ts');
    return readCycloneDxXml(bytes, path);
  }
  if (/\.spdx$/i.test(name) || isSpdxTagValue(bytes)) {
    const { readSpdxTagValue } = await import('./spdx-tag-value.ts');
    return readSpdxTagValue(bytes, path);
  }
  if (/\.json$/i.test(name) || name === 'Pipfile.lock') return readJsonFile(bytes, path, name);
  if (/\.toml$/i.test(name)) return readTomlFile(bytes, path, source, loadByContent);
  const { readRequirements } = await import('./requirements.ts');
  return readRequirements(path, source, (file, content) => readTomlFile(content, file, source, readPylock));
}

/** By its first tag, which the specification wants at the start of a line. */
function isSpdxTagValue(bytes: Uint8Array): boolean {
  return /^SPDXVersion:/m.test(Buffer.from(bytes.subarray(0, 4096)).toString('latin1'));
}

async function readTomlFile(
  bytes: Uint8Array,
  path: string,
  source: FileSource,
  load: (document: Document, path: string) => Promise<TomlReader>,
): Promise<Manifest> {
  const { readToml } = await import('./read-document.ts');
  const document = readToml(bytes, path);
  const read = await load(document, path);
  return read(document, path, source);
}

/** The reader of a lock under another name. */
async function loadByContent({ root }: Document, path: string): Promise<TomlReader> {
  if (root['lock-version'] !== undefined) return readPylock();
  if (root.project !== undefined || root.tool !== undefined) return readPyproject();
  if (root['requires-python'] !== undefined && root.version === 1) return readUvLock();
  throw unreadable(`${path} is no manifest or lock that Wheelgate knows`);
}

async function readJsonFile(bytes: Uint8Array, path: string, name: string): Promise<Manifest> {
  const { readJson } = await import('./read-document.ts');
  const { isSbom, readSbom } = await import('./sbom.ts');
  const document = readJson(bytes, path);
  if (name !== 'Pipfile.lock' && isSbom(document)) return readSbom(document, path);
  if (name !== 'Pipfile.lock' && document.root._meta === undefined) {
    throw unreadable(`${path} is neither CycloneDX nor SPDX`);
  }
  const { readPipfileLock } = await import('../lock/pipfile-lock.ts');
  return readPipfileLock(document, path);
}
