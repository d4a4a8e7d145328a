import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { decodeText } from './decode-text.ts';
import type { FileSource, Manifest, Place } from './manifest.ts';
import { ManifestBuilder } from './manifest-builder.ts';
import { readRequirements } from './requirements.ts';
import { unreadable } from './unreadable-input.ts';

/**
 * Reads environment.yml of conda: its `pip:` list is requirements syntax. Names of conda packages are not those of PyPI,
 * so the others are unaudited.
 * @throws {WheelgateError} INPUT_UNREADABLE
 */
export async function readCondaEnvironment(bytes: Uint8Array, file: string, source: FileSource): Promise<Manifest> {
  const lines = new LineCounter();
  const document = parseDocument(decodeText(bytes).text, { lineCounter: lines });
  const [problem] = document.errors;
  if (problem)
    throw unreadable(`${file}:${problem.linePos?.[0].line ?? 1}: ${problem.message.split('\n')[0]}`, problem);
  const into = new ManifestBuilder();
  const placeOf = (node: { range?: readonly number[] | null | undefined }) => ({
    file,
    line: lines.linePos(node.range?.[0] ?? 0).line,
  });
  const dependencies = isMap(document.contents) ? document.contents.get('dependencies') : undefined;
  if (!isSeq(dependencies)) return into.build();
  for (const item of dependencies.items) {
    if (isScalar(item)) {
      const text = String(item.value);
      if (!/^(?:[\w-]+::)?(?:python|pip)(?:[\s=<>!~]|$)/.test(text)) into.unaudited(text, 'foreign', placeOf(item));
    } else if (isMap(item)) {
      const pip = item.get('pip');
      if (!isSeq(pip)) continue;
      const entries = pip.items.flatMap((one) =>
        isScalar(one) ? [{ text: String(one.value), place: placeOf(one) }] : [],
      );
      into.add(await readPipPart(entries, file, source));
    }
  }
  return into.build();
}

/** Reads the entries as the lines of a requirements file that stands beside the environment. */
async function readPipPart(
  entries: readonly { readonly text: string; readonly place: Required<Place> }[],
  file: string,
  source: FileSource,
): Promise<Manifest> {
  const content = Buffer.from(entries.map(({ text }) => text.replace(/[\r\n]+/g, ' ')).join('\n'));
  const inner: FileSource = {
    list: source.list,
    resolve: source.resolve,
    variable: source.variable,
    read: (path) => (path === file ? content : source.read(path)),
  };
  const { pins, unaudited, notes, errors } = await readRequirements(file, inner, async () =>
    new ManifestBuilder().build(),
  );
  const moved = <T extends Place>(item: T): T =>
    item.file === file && item.line !== undefined
      ? { ...item, line: entries[item.line - 1]?.place.line ?? item.line }
      : item;
  return {
    pins: pins.map(moved),
    unaudited: unaudited.map(moved),
    notes: notes.map(moved),
    errors: errors.map(moved),
  };
}
