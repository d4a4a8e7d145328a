import { parse as parseTomlText, TomlError } from 'smol-toml';
import { decodeText } from './decode-text.ts';
import { jsonLines } from './json-lines.ts';
import { type Table, tableOf } from './loose.ts';
import { tomlLines } from './toml-lines.ts';
import { unreadable } from './unreadable-input.ts';

/** Where a value stands by its path; undefined when it is not there. */
export type LineOf = (...path: readonly (string | number)[]) => number | undefined;

export type Document = { readonly root: Table; readonly lineOf: LineOf };

/** @throws {WheelgateError} INPUT_UNREADABLE with the line */
export function readToml(bytes: Uint8Array, file: string): Document {
  const { text } = decodeText(bytes);
  try {
    return { root: parseTomlText(text), lineOf: tomlLines(text) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw unreadable(`${file}:${error.line}: ${error.message.split('\n')[0]}`, error);
  }
}

/** @throws {WheelgateError} INPUT_UNREADABLE */
export function readJson(bytes: Uint8Array, file: string): Document {
  const { text } = decodeText(bytes);
  try {
    return { root: tableOf(JSON.parse(text)), lineOf: jsonLines(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unreadable(`${file} is not JSON: ${error.message}`, error);
  }
}
