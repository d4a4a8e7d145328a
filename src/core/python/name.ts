import { WheelgateError } from '../errors.ts';
import { quoted } from './quoted.ts';

declare const brand: unique symbol;

/** The name of a project, normalised: `Zope.Interface` and `zope_interface` are both `zope-interface`. */
export type ProjectName = string & { readonly [brand]: 'ProjectName' };

// Neither the `u` flag, which would let `i` fold U+212A (Kelvin sign) to "k", nor the `m` flag, with which `$` would
// accept a trailing newline. One quantifier over one class: linear.
const VALID = /^[a-z0-9][a-z0-9._-]*$/i;

/**
 * The only source of a `ProjectName`: past this line nobody asks whether a name is valid (core metadata, "Name") or
 * normalised (PEP 503). Spaces are not trimmed.
 * @throws {WheelgateError} NAME_INVALID
 */
export function parseProjectName(raw: string): ProjectName {
  const project = tryParseProjectName(raw);
  if (project !== undefined) return project;
  throw new WheelgateError(
    'NAME_INVALID',
    `${quoted(raw)} is not a project name`,
    'A name has ASCII letters, digits, ".", "_" and "-", and starts and ends with a letter or digit.',
  );
}

/** `parseProjectName` that gives undefined for what is not a name. */
export function tryParseProjectName(raw: string): ProjectName | undefined {
  if (!VALID.test(raw) || /[._-]$/.test(raw)) return undefined;
  return raw.toLowerCase().replace(/[._-]+/g, '-') as ProjectName;
}
