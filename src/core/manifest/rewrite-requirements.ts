import { WheelgateError } from '../errors.ts';
import type { ProjectName } from '../python/name.ts';
import { tryParseVersion } from '../python/version.ts';
import { classifyRequirement } from './classify-requirement.ts';
import { decodeText } from './decode-text.ts';
import { physicalLines, type RequirementLine, requirementLines, withoutComment } from './requirement-lines.ts';
import { splitOptions } from './requirement-options.ts';

/** Another version for one pin. */
export type PinEdit = {
  /** The first physical line of the pin, from 1. */
  readonly line: number;
  readonly project: ProjectName;
  /** Both normalised. */
  readonly from: string;
  readonly to: string;
  /** `sha256:<hex>` of the new release's files: they stand in for the old ones where the pin has hashes. */
  readonly hashes: readonly string[];
};

export type RewrittenRequirements = {
  readonly bytes: Uint8Array;
  /** Edits that were not made, and why; the others were. */
  readonly refused: readonly { readonly edit: PinEdit; readonly reason: string }[];
};

const PINNED = /(={2,3})([ \t]*)([^\s;,()\\#]+)/g;
const HASH = /--hash(?:=|[ \t]+)\S+/g;
/** What may part two hashes: blanks, or a continuation. */
const BETWEEN_HASHES = /^[ \t]*(?:\\(?:\r\n|\r|\n)[ \t]*)?$/;

/**
 * Writes other versions into a requirements file and leaves everything else as it is, byte for byte: order, comments, line
 * ends, encoding and byte order mark. The result is read again and refused when it says anything else than asked.
 * @throws {WheelgateError} INPUT_UNREADABLE for an encoding that cannot be written back
 */
export function rewriteRequirements(bytes: Uint8Array, edits: readonly PinEdit[]): RewrittenRequirements {
  const { text, encode } = openText(bytes);
  const lines = [...physicalLines(text)];
  const logical = new Map(requirementLines(text).map((line) => [line.line, line]));
  const refused: { edit: PinEdit; reason: string }[] = [];
  const made = new Map<number, PinEdit>();
  for (const edit of edits) {
    const line = logical.get(edit.line);
    const written = line && editLine(lines.slice(line.line - 1, line.line - 1 + line.height).join(''), line, edit);
    if (line === undefined || typeof written !== 'string') {
      refused.push({ edit, reason: typeof written === 'object' ? written.reason : 'there is no such line' });
      continue;
    }
    // The first physical line takes all of it, so that the numbers of the others stay.
    lines.fill('', line.line - 1, line.line - 1 + line.height);
    lines[line.line - 1] = written;
    made.set(edit.line, edit);
  }
  const result = encode(lines.join(''));
  checkNothingElseChanged(requirementLines(text), requirementLines(decodeText(result).text), made);
  return { bytes: result, refused };
}

function editLine(raw: string, line: RequirementLine, edit: PinEdit): string | { readonly reason: string } {
  const code = withoutComment(raw);
  const version = [...code.matchAll(PINNED)].find(([, , , found]) => isVersion(found!, edit.from));
  if (version === undefined) return { reason: 'the version is not written in this line' };
  const at = version.index + version[1]!.length + version[2]!.length;
  const raised = code.slice(0, at) + edit.to + code.slice(at + version[3]!.length);
  const hashed = withHashes(raised, edit.hashes);
  if (typeof hashed !== 'string') return hashed;
  const result = hashed + raw.slice(code.length);
  const [read, ...more] = requirementLines(result);
  if (read === undefined || more.length > 0 || !saysEdit(line.text, read.text, edit)) {
    return { reason: 'the line is written in a way that cannot be edited safely' };
  }
  return result;
}

function withHashes(code: string, hashes: readonly string[]): string | { readonly reason: string } {
  const found = [...code.matchAll(HASH)];
  const [first, second] = found;
  const last = found.at(-1);
  if (first === undefined || last === undefined) return code;
  if (hashes.length === 0) return { reason: 'the hashes of the new release are not known' };
  const ends = found.map((match) => match.index + match[0].length);
  const gaps = found.slice(1).map((match, at) => code.slice(ends[at]!, match.index));
  if (!gaps.every((gap) => BETWEEN_HASHES.test(gap))) return { reason: 'its hashes do not stand together' };
  const before = /[ \t]*(?:\\(?:\r\n|\r|\n)[ \t]*)?$/.exec(code.slice(0, first.index))![0];
  const separator = (second === undefined ? before : gaps[0]!) || ' ';
  const written = [...new Set(hashes)].sort().map((hash) => `--hash=${hash}`);
  return code.slice(0, first.index) + written.join(separator) + code.slice(ends.at(-1));
}

/** The new line asks for the new release with the new hashes, and otherwise for what the old one asked for. */
function saysEdit(before: string, after: string, { project, from, to, hashes }: PinEdit): boolean {
  try {
    const [old, now] = [splitOptions(before), splitOptions(after)];
    const [was, is] = [classifyRequirement(old.requirement), classifyRequirement(now.requirement)];
    if (was.kind !== 'pin' || is.kind !== 'pin') return false;
    const wanted = old.options.has('--hash') ? [...new Set(hashes)].sort() : [];
    return (
      was.name === project &&
      is.name === project &&
      isVersion(was.version, from) &&
      isVersion(is.version, to) &&
      was.marker === is.marker &&
      was.extras.join() === is.extras.join() &&
      (now.options.get('--hash') ?? []).join(' ') === wanted.join(' ')
    );
  } catch (error) {
    if (error instanceof WheelgateError) return false;
    throw error;
  }
}

function checkNothingElseChanged(
  before: readonly RequirementLine[],
  after: readonly RequirementLine[],
  made: ReadonlyMap<number, PinEdit>,
): void {
  const same =
    before.length === after.length && before.every(({ line, text }, at) => made.has(line) || text === after[at]!.text);
  if (!same) throw new Error('a rewritten requirements file reads otherwise than intended');
}

function isVersion(text: string, wanted: string): boolean {
  return (tryParseVersion(text)?.text ?? text) === wanted;
}

/** The text of a file and the way back to its bytes. */
function openText(bytes: Uint8Array): { readonly text: string; readonly encode: (text: string) => Uint8Array } {
  const { text, guessed } = decodeText(bytes);
  const mark = (...start: readonly number[]) => start.every((byte, at) => bytes[at] === byte);
  const encoders: readonly ((content: string) => Buffer)[] = [
    (content) => Buffer.concat([bytes.subarray(0, mark(0xef, 0xbb, 0xbf) ? 3 : 0), Buffer.from(content, 'utf8')]),
    (content) => Buffer.concat([bytes.subarray(0, 2), Buffer.from(content, 'utf16le')]),
    (content) => Buffer.concat([bytes.subarray(0, 2), Buffer.from(content, 'utf16le').swap16()]),
  ];
  // Only an encoding that gives back the very bytes can keep what it does not touch.
  const encode = guessed ? undefined : encoders.find((one) => one(text).equals(bytes));
  if (encode !== undefined) return { text, encode };
  throw new WheelgateError(
    'INPUT_UNREADABLE',
    'the file is neither in UTF-8 nor in UTF-16',
    'Save it in UTF-8 and run the command again.',
  );
}
