import { hasCode } from '../errors.ts';
import { quoted } from '../python/quoted.ts';
import { type Classified, classifyRequirement } from './classify-requirement.ts';
import type { FileSource, Manifest } from './manifest.ts';
import { ManifestBuilder } from './manifest-builder.ts';
import { duplicateNotes, hashNotes, optionNotes, urlNotes } from './requirement-notes.ts';
import { type RequirementItem, safeMessage, walkRequirements } from './walk-requirements.ts';

/** Reads a file that `-r` names and that is no requirements file: a pylock.toml (pip 26.1). */
type ReadOther = (path: string, bytes: Uint8Array) => Promise<Manifest>;

type Reading = {
  readonly required: ManifestBuilder;
  readonly constraints: ManifestBuilder;
  /** Projects that requirements name without a version, by their unaudited item. */
  readonly unpinned: { readonly name: string; readonly item: RequirementItem & { readonly kind: 'requirement' } }[];
  requiresHashes: boolean;
};

/**
 * Reads a requirements or constraints file and what it includes, as pip does, except that one bad line does not hide the
 * others. A pin of a constraints file counts as a release in use, labelled `constraint`, and speaks for unpinned
 * requirements of its project.
 * @throws {WheelgateError} INPUT_UNREADABLE when the file itself cannot be read
 */
export async function readRequirements(path: string, source: FileSource, readOther: ReadOther): Promise<Manifest> {
  const reading: Reading = {
    required: new ManifestBuilder(),
    constraints: new ManifestBuilder(),
    unpinned: [],
    requiresHashes: false,
  };
  for (const item of walkRequirements(path, source)) {
    // Only such an include waits: a lock of thousands of lines is read without.
    if (item.kind === 'include' && item.bytes !== undefined) {
      (item.isConstraint ? reading.constraints : reading.required).add(await readOther(item.target, item.bytes));
    } else readItem(item, reading);
  }
  const { required, constraints, unpinned, requiresHashes } = reading;
  const constrained = new Set<string>(constraints.pins.map(({ project }) => project));
  for (const { name, item } of unpinned) {
    if (!constrained.has(name)) required.unaudited(shown(item), 'unpinned', placeOf(item));
  }
  for (const note of [...hashNotes(required.pins, requiresHashes), ...duplicateNotes(required.pins)]) {
    required.note(note.code, note.message, note);
  }
  required.add(constraints.build());
  return required.build();
}

function readItem(item: RequirementItem, reading: Reading): void {
  const { required } = reading;
  const place = placeOf(item);
  switch (item.kind) {
    case 'requirement':
      readRequirement(item, reading);
      break;
    case 'editable':
      required.unaudited(shown(item), 'editable', place);
      addNotes(urlNotes(item.requirement), item, required);
      break;
    case 'options':
      if (item.options.has('--require-hashes')) reading.requiresHashes = true;
      addNotes(optionNotes(item.options), item, required);
      break;
    case 'include':
      required.unaudited(shown(item), 'include', place);
      break;
    case 'guessed-encoding':
      required.note('encoding', 'the file is not in UTF-8; it was read as Windows-1252', place);
      break;
    case 'error':
      required.error(item.message, place);
  }
}

function readRequirement(item: RequirementItem & { readonly kind: 'requirement' }, reading: Reading): void {
  const { isConstraint, hashes, requirement } = item;
  const { required, constraints, unpinned } = reading;
  const place = placeOf(item);
  const group = isConstraint ? 'constraint' : undefined;
  let classified: Classified;
  try {
    classified = classifyRequirement(requirement.trim());
  } catch (error) {
    if (!hasCode(error, 'REQUIREMENT_INVALID')) throw error;
    required.error(safeMessage(error, item.written), place);
    return;
  }
  if (classified.kind === 'pin') {
    (isConstraint ? constraints : required).pin({ ...classified, group, hashes }, place);
  } else if (classified.reason === 'unpinned') {
    // A constraint without a version installs nothing by itself.
    if (!isConstraint) unpinned.push({ name: classified.name!, item });
  } else {
    required.unaudited(shown(item), classified.reason, place, group);
    addNotes(urlNotes(classified.url!), item, required);
  }
}

function addNotes(notes: ReturnType<typeof urlNotes>, item: RequirementItem, into: ManifestBuilder): void {
  for (const { code, message } of notes) into.note(code, message, placeOf(item));
}

function placeOf({ file, line }: RequirementItem) {
  return { file, ...(line !== undefined && { line }) };
}

/** The line as its author wrote it: variables stay closed, and what stands before an `@` of a URL is left out. */
function shown({ written }: RequirementItem): string {
  const [text = ''] = written.split(/ (?=--(?:hash|config-setting|global-option))/);
  const safe = text.replace(/\/\/[^/@\s]*@/g, '//').trim();
  return safe.length > 200 ? quoted(safe) : safe;
}
