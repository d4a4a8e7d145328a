import { hasCode } from '../errors.ts';
import { parseRequirement } from '../python/requirement.ts';
import { classifyRequirement } from './classify-requirement.ts';
import type { DirectRequirement, DirectRequirements, ProjectParts } from './direct-requirements.ts';
import type { FileSource, ManifestError, ManifestNote, Unaudited } from './manifest.ts';
import { projectRequirements } from './project-requirements.ts';
import { readToml } from './read-document.ts';
import { optionNotes } from './requirement-notes.ts';
import { type RequirementItem, safeMessage, walkRequirements } from './walk-requirements.ts';

type Collected = {
  readonly requirements: DirectRequirement[];
  readonly constraints: DirectRequirement[];
  readonly unlockable: Unaudited[];
  readonly notes: ManifestNote[];
  readonly errors: ManifestError[];
  prereleases: boolean;
};

/**
 * Reads what a lock is made from: requirements files with all that they include, and pyproject.toml with the parts asked
 * for. Nothing is passed over: what is no requirement of an index is unlockable or an error, with its line.
 * @throws {WheelgateError} INPUT_UNREADABLE when a file itself cannot be read
 */
export function readDirectRequirements(
  paths: readonly string[],
  source: FileSource,
  parts: ProjectParts,
): DirectRequirements {
  const into: Collected = {
    requirements: [],
    constraints: [],
    unlockable: [],
    notes: [],
    errors: [],
    prereleases: false,
  };
  for (const path of paths) {
    if (/(?:^|[\\/])pyproject\.toml$/.test(path)) {
      const found = projectRequirements(readToml(source.read(path), path), path, parts);
      into.requirements.push(...found.requirements);
      into.unlockable.push(...found.unlockable);
      into.errors.push(...found.errors);
    } else {
      for (const item of walkRequirements(path, source)) readItem(item, into);
    }
  }
  return into;
}

function readItem(item: RequirementItem, into: Collected): void {
  const { file, line, written } = item;
  const place = { file, ...(line !== undefined && { line }) };
  switch (item.kind) {
    case 'requirement':
      readRequirement(item, into);
      break;
    case 'editable':
      into.unlockable.push({ ...place, requirement: shown(written), reason: 'editable' });
      break;
    case 'include':
      into.unlockable.push({ ...place, requirement: shown(written), reason: 'include' });
      break;
    case 'options':
      if (item.options.has('--pre')) into.prereleases = true;
      into.notes.push(...optionNotes(item.options).map((note) => ({ ...note, ...place })));
      break;
    case 'guessed-encoding':
      into.notes.push({ code: 'encoding', message: 'not in UTF-8; read as Windows-1252', ...place });
      break;
    case 'error':
      into.errors.push({ message: item.message, ...place });
  }
}

function readRequirement(item: RequirementItem & { readonly kind: 'requirement' }, into: Collected): void {
  const { file, line, written, isConstraint } = item;
  const place = { file, ...(line !== undefined && { line }) };
  const text = item.requirement.trim().replace(/;[ \t]*$/, '');
  try {
    const classified = classifyRequirement(text);
    if (classified.kind === 'unaudited' && classified.reason !== 'unpinned') {
      into.unlockable.push({ ...place, requirement: shown(written), reason: classified.reason });
      return;
    }
    const direct = { ...place, requirement: parseRequirement(text), origin: `${isConstraint ? '-c' : '-r'} ${file}` };
    (isConstraint ? into.constraints : into.requirements).push(direct);
  } catch (error) {
    if (!hasCode(error, 'REQUIREMENT_INVALID')) throw error;
    into.errors.push({ message: safeMessage(error, written), ...place });
  }
}

/** Variables stay closed, and what stands before an `@` of a URL is left out. */
function shown(written: string): string {
  return written.replace(/\/\/[^/@\s]*@/g, '//').slice(0, 200);
}
