import { posix } from 'node:path';
import { WheelgateError } from '../../src/core/errors.ts';
import type { FileSource } from '../../src/core/manifest/manifest.ts';

/** Files by path, with folders as their paths make them. */
export function memoryFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  env: Readonly<Record<string, string>> = {},
): FileSource {
  return {
    read(path) {
      const content = files[path];
      if (content === undefined)
        throw new WheelgateError('INPUT_UNREADABLE', `${path} cannot be read`, 'Check the path.');
      return Buffer.from(content);
    },
    list(path) {
      const inside = Object.keys(files).filter((file) => file.startsWith(`${path}/`));
      if (inside.length === 0) return undefined;
      return [...new Set(inside.map((file) => file.slice(path.length + 1).split('/')[0]!))].sort();
    },
    resolve: (from, target) => posix.join(posix.dirname(from), target),
    variable: (name) => env[name],
  };
}
