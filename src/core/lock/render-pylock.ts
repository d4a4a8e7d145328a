import type { LockDocument, LockedFile, LockedRelease } from './lock-document.ts';
import { renderLockHeader } from './lock-header.ts';
import { approvalText } from './render-requirements.ts';

/** Markers of PEP 751's `environments`, by the first word of `--platform`. */
const ENVIRONMENTS: Readonly<Record<string, string>> = {
  linux: 'sys_platform == "linux"',
  macos: 'sys_platform == "darwin"',
  windows: 'sys_platform == "win32"',
};

/** pylock.toml (PEP 751), byte for byte the same for the same document. */
export function renderPylock({ header, releases }: LockDocument): string {
  const [platform = '', machine] = header.platform?.split(/-(.*)/s) ?? [];
  const environment = [ENVIRONMENTS[platform], machine && `platform_machine == "${machine}"`]
    .filter(Boolean)
    .join(' and ');
  return [
    renderLockHeader(header),
    'lock-version = "1.0"',
    ...(environment === '' ? [] : [`environments = [${text(environment)}]`]),
    ...(header.python === undefined ? [] : [`requires-python = ${text(`>=${header.python}`)}`]),
    'created-by = "wheelgate"',
    ...releases.map((release) => renderPackage(release, header.gate)),
    '',
  ].join('\n');
}

function renderPackage(release: LockedRelease, index: string): string {
  const { project, version, marker, files } = release;
  const sdist = files.find(isSdist);
  const wheels = files.filter(({ filename }) => filename.endsWith('.whl'));
  return [
    '',
    '[[packages]]',
    `# via ${release.via.join(', ')}`,
    `# approved: ${approvalText(release)}`,
    `name = ${text(project)}`,
    `version = ${text(version)}`,
    ...(marker === undefined ? [] : [`marker = ${text(marker)}`]),
    `index = ${text(index)}`,
    ...(sdist === undefined ? [] : [`sdist = ${renderFile(sdist)}`]),
    ...(wheels.length === 0 ? [] : ['wheels = [', ...wheels.map((file) => `    ${renderFile(file)},`), ']']),
  ].join('\n');
}

/** PEP 751 knows one sdist per package; eggs and installers have no place there. */
function isSdist({ filename }: LockedFile): boolean {
  return /\.(?:tar\.gz|zip)$/.test(filename);
}

function renderFile({ filename, url, size, uploadTime, sha256 }: LockedFile): string {
  const fields = [
    `name = ${text(filename)}`,
    ...(uploadTime === undefined ? [] : [`upload-time = ${uploadTime.toISOString().replace(/\.000Z$/, 'Z')}`]),
    `url = ${text(url)}`,
    ...(size === undefined ? [] : [`size = ${size}`]),
    `hashes = {sha256 = ${text(sha256)}}`,
  ];
  return `{ ${fields.join(', ')} }`;
}

/** A TOML basic string: JSON's escapes are among TOML's, but TOML wants DEL escaped too. */
function text(value: string): string {
  return JSON.stringify(value).replaceAll('\x7f', '\\u007f');
}
