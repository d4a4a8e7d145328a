import type { Finding } from '../../finding.ts';
import { shadowingCommands } from './command-names.ts';
import { riskyLines } from './script-lines.ts';

/** What the files of a distribution that are no Python show. All of it is notes: no weight was fitted for it yet. */
export type OtherFiles = {
  /** @param bytes undefined when the member is too large or cannot be read */
  add(path: string, bytes: Uint8Array | undefined, isNative: boolean): void;
  findings(filename: string): readonly Finding[];
};

/** Per kind of finding: the reader learns nothing from the hundredth. */
const MAX_FINDINGS = 5;
const ENTRY_POINTS =
  /^(?:[^/]+\/)?pyproject\.toml$|^[^/]+\.(?:dist-info|egg-info)\/entry_points\.txt$|^[^/]+\/[^/]+\.egg-info\/entry_points\.txt$/;
const SCRIPT = /\.(?:sh|bash|zsh|ps1|psm1|bat|cmd|vbs|js|mjs|cjs|hta)$/i;
/** Compiled code that Python or the system loads as a library; anything else compiled is a program. */
const LIBRARY = /\.(?:so(?:\.[\w.]+)?|pyd|dll|dylib|a|o|lib|node)$/i;

export function createOtherFiles(): OtherFiles {
  const commands: Finding[] = [];
  const scripts: Finding[] = [];
  const natives: string[] = [];
  return {
    add(path, bytes, isNative) {
      if (isNative) natives.push(path);
      if (bytes === undefined) return;
      if (ENTRY_POINTS.test(path)) {
        for (const { command, line } of shadowingCommands(textOf(bytes))) {
          const message = 'An installed command has the name of a common program and would run in its place.';
          commands.push({
            rule: 'other-files',
            code: 'command-name',
            effect: 'note',
            message,
            file: path,
            line,
            context: command,
          });
        }
      } else if (SCRIPT.test(path) && scripts.length < MAX_FINDINGS) {
        for (const { says, line, text } of riskyLines(textOf(bytes))) {
          const message = `A script ${says}.`;
          scripts.push({
            rule: 'other-files',
            code: 'script',
            effect: 'note',
            message,
            file: path,
            line,
            context: text,
          });
        }
      }
    },

    findings(filename) {
      const isPure = /-none-any\.whl$/i.test(filename);
      const programs = natives.filter((path) => !LIBRARY.test(path));
      const odd = isPure ? natives : programs;
      const message = isPure
        ? 'Compiled code in a wheel that says it has none.'
        : 'A compiled program that is not a library of Python.';
      const native = odd.map(
        (file): Finding => ({ rule: 'other-files', code: 'native', effect: 'note', message, file }),
      );
      return [commands, scripts, native].flatMap((some) => some.slice(0, MAX_FINDINGS));
    },
  };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}
