import { hasCode, WheelgateError } from '../errors.ts';
import { quoted } from '../python/quoted.ts';
import { withoutCredentials } from '../without-credentials.ts';
import { decodeText } from './decode-text.ts';
import type { FileSource, Place } from './manifest.ts';
import { expandVariables, requirementLines } from './requirement-lines.ts';
import { type LineOptions, splitOptions } from './requirement-options.ts';

/** One line that says something, in the order in which pip comes across it. `written` has its variables unexpanded. */
export type RequirementItem = Place & { readonly written: string } & (
    | {
        readonly kind: 'requirement';
        readonly requirement: string;
        readonly hashes: readonly string[];
        readonly isConstraint: boolean;
      }
    | { readonly kind: 'editable'; readonly requirement: string; readonly isConstraint: boolean }
    /** Settings for all of pip's run. */
    | { readonly kind: 'options'; readonly options: LineOptions }
    /** A file that is not followed: a URL, or one that is no requirements file, with its bytes. */
    | { readonly kind: 'include'; readonly target: string; readonly bytes?: Uint8Array; readonly isConstraint: boolean }
    | { readonly kind: 'guessed-encoding' }
    | { readonly kind: 'error'; readonly message: string }
  );

/** A file in the chain of includes. */
type Opened = { readonly path: string; readonly isConstraint: boolean; readonly above: readonly string[] };

const STRONG_HASH = /^(?:sha256|sha384|sha512):./;

/** pip 26.1 takes these after `-r`. */
const PYLOCK = /(?:^|[\\/])pylock\.(?:[^.\\/]+\.)?toml$/;

/**
 * Reads a requirements file and what it includes, line by line as pip's req_file.py does. What pip would stop at is an
 * item of kind `error`, and the walk goes on.
 * @throws {WheelgateError} INPUT_UNREADABLE when the first file cannot be read
 */
export function walkRequirements(path: string, source: FileSource): Generator<RequirementItem> {
  return walkFile({ path, isConstraint: false, above: [] }, source.read(path), source);
}

function* walkFile(opened: Opened, bytes: Uint8Array, source: FileSource): Generator<RequirementItem> {
  const file = opened.path;
  const { text, guessed } = decodeText(bytes);
  if (guessed) yield { kind: 'guessed-encoding', file, written: '' };
  for (const { line, text: written } of requirementLines(text)) {
    const place = { file, line, written };
    try {
      yield* walkLine(place, opened, source);
    } catch (error) {
      if (!hasCode(error, 'REQUIREMENT_INVALID')) throw error;
      yield { kind: 'error', message: safeMessage(error, written), ...place };
    }
  }
}

/** An error quotes the line; what a variable holds is not shown to anyone. */
export function safeMessage(error: WheelgateError, written: string): string {
  return /\$\{[A-Z0-9_]+\}/.test(written) ? 'with its variables filled in, this line cannot be read' : error.message;
}

function* walkLine(
  place: Required<Place> & { readonly written: string },
  opened: Opened,
  source: FileSource,
): Generator<RequirementItem> {
  const expanded = expandVariables(place.written, (name) => source.variable(name));
  const { requirement, options } = splitOptions(expanded);
  const { isConstraint } = opened;
  const hashes = (options.get('--hash') ?? []).map(checkHash);
  const editable = options.get('--editable')?.[0];
  const include = options.get('--requirement')?.[0] ?? options.get('--constraint')?.[0];
  if (requirement !== '') {
    yield { kind: 'requirement', requirement, hashes, isConstraint, ...place };
  } else if (editable !== undefined) {
    yield { kind: 'editable', requirement: editable, isConstraint, ...place };
  } else if (include !== undefined) {
    // As in pip, a file that a constraints file names with -r holds requirements.
    yield* walkInclude(include, !options.has('--requirement'), place, opened, source);
  } else {
    yield { kind: 'options', options, ...place };
  }
}

function* walkInclude(
  target: string,
  isConstraint: boolean,
  place: Required<Place> & { readonly written: string },
  opened: Opened,
  source: FileSource,
): Generator<RequirementItem> {
  if (/^(?:https?|file):/i.test(target)) {
    yield { kind: 'include', target: withoutCredentials(target), isConstraint, ...place };
    return;
  }
  const path = source.resolve(place.file, target);
  const above = [...opened.above, opened.path];
  if (above.includes(path)) {
    yield { kind: 'error', message: `${quoted(target)} includes itself: ${[...above, path].join(' > ')}`, ...place };
    return;
  }
  let bytes: Uint8Array;
  try {
    bytes = source.read(path);
  } catch (error) {
    if (!hasCode(error, 'INPUT_UNREADABLE')) throw error;
    yield { kind: 'error', message: error.message, ...place };
    return;
  }
  if (PYLOCK.test(path)) yield { kind: 'include', target: path, bytes, isConstraint, ...place };
  else yield* walkFile({ path, isConstraint, above }, bytes, source);
}

/** pip takes these algorithms only. */
function checkHash(hash: string): string {
  if (STRONG_HASH.test(hash)) return hash;
  throw new WheelgateError(
    'REQUIREMENT_INVALID',
    `${quoted(hash)} is no hash that pip takes`,
    'Write --hash=sha256:<hex>, or sha384, or sha512.',
  );
}
