import { WheelgateError } from '../errors.ts';
import { quoted } from './quoted.ts';

/** A whole number as decimal digits without leading zeros: date versions outgrow 2^53, and strings survive JSON. */
export type Digits = string;

/** What a PEP 440 version says. Absent parts were not written; `1.0.dev` has `dev: '0'`. */
export type VersionParts = {
  readonly epoch: Digits;
  /** At least one number; trailing zeros as written. */
  readonly release: readonly Digits[];
  readonly pre?: { readonly phase: 'a' | 'b' | 'rc'; readonly number: Digits };
  readonly post?: Digits;
  readonly dev?: Digits;
  /** Lower case, one entry per dotted part. */
  readonly local?: readonly string[];
};

/** A version of a project (PEP 440). Immutable plain data. */
export type Version = VersionParts & {
  /** As given. */
  readonly raw: string;
  /** Normalised: `1.0-ALPHA.1` is `1.0a1`. Equal versions may differ here (`1.0`, `1.0.0`): compare, or use `versionKey`. */
  readonly text: string;
};

/** Longer texts are no version that anybody released; the limit also keeps every number encodable in a key. */
const MAX_LENGTH = 1000;

// PEP 440, appendix B. Each part begins with what the part before it cannot give up, so backtracking stays linear.
// The six white space characters are those that PEP 440 names; `\s` would also take U+FEFF and other Unicode spaces.
const PATTERN = new RegExp(
  [
    /^[ \t\n\r\f\v]*v?/,
    /(?:(\d+)!)?/, // epoch
    /(\d+(?:\.\d+)*)/, // release
    /(?:[._-]?(alpha|a|beta|b|preview|pre|c|rc)[._-]?(\d*))?/,
    /(?:-(\d+)|[._-]?(post|rev|r)[._-]?(\d*))?/, // `1.0-1` is a post-release
    /(?:[._-]?(dev)[._-]?(\d*))?/,
    /(?:\+([a-z0-9]+(?:[._-][a-z0-9]+)*))?/, // local
    /[ \t\n\r\f\v]*$/,
  ]
    .map(({ source }) => source)
    .join(''),
  'i',
);

/** Most versions by far, and already normalised. */
const PLAIN = /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))*$/;

const PHASES: Readonly<Record<string, 'a' | 'b' | 'rc'>> = {
  a: 'a',
  alpha: 'a',
  b: 'b',
  beta: 'b',
  c: 'rc',
  rc: 'rc',
  pre: 'rc',
  preview: 'rc',
};

/**
 * Reads every spelling that PEP 440 accepts, with surrounding ASCII white space.
 * @throws {WheelgateError} VERSION_INVALID
 */
export function parseVersion(raw: string): Version {
  const version = tryParseVersion(raw);
  if (version !== undefined) return version;
  throw new WheelgateError(
    'VERSION_INVALID',
    `${quoted(raw)} is not a version`,
    'Write it as PEP 440 does, for example 1.4.2, 2.0rc1 or 1.0.post1.',
  );
}

/** `parseVersion` that gives undefined for what is not a version. */
export function tryParseVersion(raw: string): Version | undefined {
  if (raw.length > MAX_LENGTH) return undefined;
  if (PLAIN.test(raw)) return { epoch: '0', release: raw.split('.'), raw, text: raw };
  const match = PATTERN.exec(raw);
  if (match === null) return undefined;
  const [, epoch, release, phase, preNumber, impliedPost, postWord, postNumber, devWord, devNumber, local] = match;
  const parts: { -readonly [Part in keyof VersionParts]: VersionParts[Part] } = {
    epoch: digits(epoch ?? ''),
    release: release!.split('.').map(digits),
  };
  if (phase !== undefined) parts.pre = { phase: PHASES[phase.toLowerCase()]!, number: digits(preNumber!) };
  if (impliedPost !== undefined) parts.post = digits(impliedPost);
  else if (postWord !== undefined) parts.post = digits(postNumber!);
  if (devWord !== undefined) parts.dev = digits(devNumber!);
  if (local !== undefined) {
    const segments = local.toLowerCase().split(/[._-]/);
    parts.local = segments.map((segment) => (isNumber(segment) ? digits(segment) : segment));
  }
  return { ...parts, raw, text: formatVersion(parts) };
}

/** The normalised text (PEP 440, "Normalization"). Trailing zeros of the release stay. */
export function formatVersion(version: VersionParts): string {
  return version.local === undefined ? publicVersion(version) : `${publicVersion(version)}+${version.local.join('.')}`;
}

/** The normalised text without the local part. */
export function publicVersion(version: VersionParts): string {
  const { epoch, release, pre, post, dev } = version;
  let text = epoch === '0' ? release.join('.') : `${epoch}!${release.join('.')}`;
  if (pre !== undefined) text += pre.phase + pre.number;
  if (post !== undefined) text += `.post${post}`;
  if (dev !== undefined) text += `.dev${dev}`;
  return text;
}

/** True for alpha, beta, candidate and development releases. */
export function isPrerelease(version: VersionParts): boolean {
  return version.pre !== undefined || version.dev !== undefined;
}

/** Negative, zero or positive, for `sort`. A total order in which `1.0` and `1.0.0` are the same. */
export function compareVersions(a: Version, b: Version): number {
  const left = versionKey(a);
  const right = versionKey(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

// Keys live beside the versions, so that these stay plain data that may cross a worker thread.
const keys = new WeakMap<Version, string>();

/**
 * An opaque text that sorts as the version does: `a` is before `b` exactly when `versionKey(a) < versionKey(b)`, and
 * equal versions have equal keys. Fit for sorting and for `Map`; not for storing, for it may change between releases.
 */
export function versionKey(version: Version): string {
  let key = keys.get(version);
  if (key === undefined) {
    key = publicVersionKey(version) + localKey(version.local ?? []);
    keys.set(version, key);
  }
  return key;
}

/** `versionKey` of the version without its local part; it is a prefix of the whole key. */
export function publicVersionKey({ epoch, release, pre, post, dev }: VersionParts): string {
  let end = release.length;
  while (end > 1 && release[end - 1] === '0') end -= 1;
  let key = numberKey(epoch);
  for (let i = 0; i < end; i += 1) key += numberKey(release[i]!);
  key += '\0'; // below every number: 1.0 is before 1.0.1
  if (pre !== undefined) key += pre.phase + numberKey(pre.number);
  else key += post === undefined && dev !== undefined ? '0' : 'z'; // 1.0.dev1 < 1.0a1 < 1.0
  key += post === undefined ? '0' : `1${numberKey(post)}`;
  key += dev === undefined ? '1' : `0${numberKey(dev)}`;
  return key;
}

/** No local part is first (the end of the key), then words, then numbers; a longer part is after its prefix. */
function localKey(local: readonly string[]): string {
  return local.map((segment) => (isNumber(segment) ? `2${numberKey(segment)}` : `1${segment}\0`)).join('');
}

/** More digits are a larger number; the offset keeps the count above every mark that may stand in its place. */
function numberKey(number: Digits): string {
  return String.fromCharCode(0x100 + number.length) + number;
}

function digits(written: string): Digits {
  if (written.length < 2) return written || '0';
  return written.startsWith('0') ? written.replace(/^0+(?=\d)/, '') : written;
}

function isNumber(segment: string): boolean {
  return /^\d+$/.test(segment);
}
