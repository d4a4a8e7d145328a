import { WheelgateError } from '../errors.ts';
import { formatMarker, parseMarker } from '../python/marker.ts';
import { tryParseProjectName } from '../python/name.ts';
import { quoted } from '../python/quoted.ts';
import { tryParseVersion } from '../python/version.ts';
import type { Manifest, ManifestError, ManifestNote, ManifestNoteCode, Pin, Place, Unaudited } from './manifest.ts';

type PinParts = {
  readonly name: string;
  readonly version: string;
  readonly group?: string | undefined;
  readonly marker?: string | undefined;
  readonly extras?: readonly string[];
  readonly hashes?: readonly string[];
};

/** Collects what the readers find; each reader throws away nothing and stops at nothing. */
export class ManifestBuilder {
  readonly #pins: Pin[] = [];
  readonly #unaudited: Unaudited[] = [];
  readonly #notes: ManifestNote[] = [];
  readonly #errors: ManifestError[] = [];

  /** A pin from texts of a lock file: a name that is none is an error of that place. */
  pin({ name, version, group, marker, extras = [], hashes = [] }: PinParts, place: Place): void {
    const project = tryParseProjectName(name);
    if (project === undefined) {
      this.error(`${quoted(name)} is not a project name`, place);
      return;
    }
    this.#pins.push({
      project,
      version: tryParseVersion(version)?.text ?? version.trim(),
      ...place,
      ...(group !== undefined && { group }),
      ...(marker !== undefined && { marker: normalMarker(marker) }),
      ...(extras.length > 0 && { extras }),
      hashes,
    });
  }

  unaudited(requirement: string, reason: Unaudited['reason'], place: Place, group?: string): void {
    this.#unaudited.push({ requirement, reason, ...place, ...(group !== undefined && { group }) });
  }

  note(code: ManifestNoteCode, message: string, place: Place): void {
    this.#notes.push({ code, message, ...place });
  }

  error(message: string, place: Place): void {
    this.#errors.push({ message: message.replace(/\/\/[^/@\s]*@/g, '//'), ...place });
  }

  /** Runs a reader of one entry: what it refuses is an error of that place, and the rest is still read. */
  attempt(place: Place, read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof WheelgateError)) throw error;
      this.error(error.message, place);
    }
  }

  add({ pins, unaudited, notes, errors }: Manifest): void {
    for (const pin of pins) this.#pins.push(pin);
    for (const item of unaudited) this.#unaudited.push(item);
    for (const note of notes) this.#notes.push(note);
    for (const error of errors) this.#errors.push(error);
  }

  get pins(): readonly Pin[] {
    return this.#pins;
  }

  build(): Manifest {
    return { pins: this.#pins, unaudited: this.#unaudited, notes: this.#notes, errors: this.#errors };
  }
}

/** One marker reads the same in every format; one that cannot be read is kept, for it then limits nothing. */
function normalMarker(marker: string): string {
  try {
    return formatMarker(parseMarker(marker));
  } catch {
    return marker;
  }
}
