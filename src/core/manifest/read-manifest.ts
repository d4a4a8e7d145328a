import { hasCode } from '../errors.ts';
import { readPdmLock } from '../lock/pdm-lock.ts';
import { readPipfileLock } from '../lock/pipfile-lock.ts';
import { readPoetryLock } from '../lock/poetry-lock.ts';
import { readPylock } from '../lock/pylock.ts';
import { readUvLock } from '../lock/uv-lock.ts';
import { isSitePackages, readInstalled } from './installed.ts';
import type { FileSource, Manifest } from './manifest.ts';
import { ManifestBuilder } from './manifest-builder.ts';
import { readPipfile } from './pipfile.ts';
import { readPyproject } from './pyproject.ts';
import { type Document, readJson, readToml, unreadable } from './read-document.ts';
import { readRequirements } from './requirements.ts';
import { isSbom, readSbom } from './sbom.ts';
import { isSpdxTagValue, readSpdxTagValue } from './spdx-tag-value.ts';

type TomlReader = (document: Document, file: string, source: FileSource) => Manifest;

const TOML_BY_NAME: readonly (readonly [name: RegExp, read: TomlReader])[] = [
  [/^pyproject\.toml$/, readPyproject],
  [/^pylock\.(?:[^.]+\.)?toml$/, readPylock],
  [/uv\.lock$/, readUvLock],
  [/poetry\.lock$/, readPoetryLock],
  [/pdm\.lock$/, readPdmLock],
  [/^Pipfile$/, readPipfile],
];

/** Wheels and sdists; an archive under another name is no manifest. */
const DISTRIBUTION = /\.(?:whl|zip|tgz|tar\.(?:gz|bz2|xz|zst))$/i;

/**
 * True for what is read as a requirements file: anything that is nothing else by its name. Those are the files that `--fix`
 * writes.
 */
export function isRequirementsName(path: string): boolean {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return (
    !TOML_BY_NAME.some(([pattern]) => pattern.test(name)) &&
    !DISTRIBUTION.test(name) &&
    !/(?:\.(?:ya?ml|xml|spdx|json|toml)|^Pipfile\.lock|^METADATA|^PKG-INFO|\.egg-info|^-)$/i.test(name)
  );
}

/**
 * Reads a manifest, lock, bill of materials or site-packages folder by its name, and else by what is in it. What cannot be
 * read at all is an error of the file, so that others are still read.
 */
export async function readManifest(path: string, source: FileSource): Promise<Manifest> {
  try {
    const names = source.list(path);
    if (names !== undefined) {
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
  if (byName !== undefined) return byName(readToml(bytes, path), path, source);
  if (/\.ya?ml$/i.test(name)) {
    // Loaded when it is needed: the parser is large.
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
  if (/\.spdx$/i.test(name) || isSpdxTagValue(bytes)) return readSpdxTagValue(bytes, path);
  if (name === 'Pipfile.lock') return readPipfileLock(readJson(bytes, path), path);
  if (/\.json$/i.test(name)) {
    const document = readJson(bytes, path);
    if (isSbom(document)) return readSbom(document, path);
    if (document.root._meta !== undefined) return readPipfileLock(document, path);
    throw unreadable(`${path} is neither CycloneDX nor SPDX`);
  }
  if (/\.toml$/i.test(name)) return readUnnamedToml(readToml(bytes, path), path);
  return readRequirements(path, source, (file, content) => readPylock(readToml(content, file), file));
}

/** A lock under another name. */
function readUnnamedToml(document: Document, path: string): Manifest {
  const { root } = document;
  if (root['lock-version'] !== undefined) return readPylock(document, path);
  if (root.project !== undefined || root.tool !== undefined) return readPyproject(document, path);
  if (root['requires-python'] !== undefined && root.version === 1) return readUvLock(document, path);
  throw unreadable(`${path} is no manifest or lock that Wheelgate knows`);
}
