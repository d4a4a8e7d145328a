import type { Finding } from '../../finding.ts';
import { shadowingCommands } from './command-names.ts';
import { type NativeFile, readNativeFile } from './native-file.ts';
import { isScript, riskyLines } from './script-lines.ts';

/** What the files of a distribution that are no Python show. All of it is notes: no weight was fitted for it yet. */
export type OtherFiles = {
  /** @param bytes undefined when the member is too large or cannot be read */
  add(path: string, bytes: Uint8Array | undefined, isNative: boolean): void;
  findings(): readonly Finding[];
};

/** Per kind of finding: the reader learns nothing from the hundredth. */
const MAX_FINDINGS = 5;
const MAX_NATIVES = 200;
const ENTRY_POINTS =
  /^(?:[^/]+\/)?pyproject\.toml$|^[^/]+\.(?:dist-info|egg-info)\/entry_points\.txt$|^[^/]+\/[^/]+\.egg-info\/entry_points\.txt$/;
/** Compiled code that Python or the system loads as a library; anything else compiled is a program. */
const LIBRARY = /\.(?:so(?:\.[\w.]+)?|pyd|dll|dylib|a|o|lib|node)$/i;

export function createOtherFiles(filename: string): OtherFiles {
  const isPure = /-none-any\.whl$/i.test(filename);
  const commands: Finding[] = [];
  const scripts: Finding[] = [];
  const natives: Finding[] = [];
  let nativesSeen = 0;
  return {
    add(path, bytes, isNative) {
      if (isNative) {
        if (natives.length >= MAX_FINDINGS || ++nativesSeen > MAX_NATIVES) return;
        const isOdd = isPure || !LIBRARY.test(path);
        const read = bytes && readNativeFile(bytes, isOdd);
        if (isOdd || read !== undefined) natives.push(nativeFinding(path, read, isPure));
        return;
      }
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
      } else if (isScript(path) && scripts.length < MAX_FINDINGS) {
        for (const { says, line, text } of riskyLines(path, textOf(bytes))) {
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

    findings: () => [commands, scripts, natives].flatMap((some) => some.slice(0, MAX_FINDINGS)),
  };
}

function nativeFinding(path: string, read: NativeFile | undefined, isPure: boolean): Finding {
  const context = read === undefined ? '' : sayNative(read);
  return {
    rule: 'other-files',
    code: read?.packed === undefined ? 'native' : 'packed-native',
    effect: 'note',
    message: sayWhyOdd(path, read, isPure),
    file: path,
    ...(context !== '' && { context }),
  };
}

function sayWhyOdd(path: string, read: NativeFile | undefined, isPure: boolean): string {
  const packed = read?.packed === undefined ? '' : ', packed so that it cannot be read';
  if (isPure) return `Compiled code in a wheel that says it has none${packed}.`;
  if (!LIBRARY.test(path)) return `A compiled program that is not a library of Python${packed}.`;
  return 'A compiled library that was packed so that it cannot be read.';
}

function sayNative({ format, packed, risky, texts }: NativeFile): string {
  return [
    ...(packed === undefined ? [] : [`${format}, packed: ${packed}`]),
    ...(risky.length === 0 ? [] : [`calls ${risky.join(', ')}`]),
    ...(texts.length === 0 ? [] : [`holds ${texts.join(', ')}`]),
  ].join('; ');
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}
