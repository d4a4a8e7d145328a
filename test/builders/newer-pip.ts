import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Wheels of pips beside the checkout, newer than the one of python3; none where there are none. */
export function newerPips(): readonly string[] {
  const folder = fileURLToPath(new URL('../../../shared/data/clients/', import.meta.url));
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => /^pip-.*\.whl$/.test(file))
    .map((file) => join(folder, file));
}
