import { LRUCache } from 'lru-cache';
import type { Module } from '../../core/analysis/syntax/ir.ts';
import type { PythonParser } from '../../core/analysis/syntax/parser.ts';

/**
 * A parser that remembers what it parsed last: wheels for several platforms, a wheel and its sdist, and two releases in a
 * row mostly hold the same files. What it gives is read-only, so that packages can share it.
 * @param maxCharacters source text of all that is remembered; its trees take some six times as many bytes
 */
export function rememberModules(parser: PythonParser, maxCharacters: number): PythonParser {
  const modules = new LRUCache<string, Module>({
    maxSize: maxCharacters,
    maxEntrySize: maxCharacters / 8,
    sizeCalculation: (_module, text) => text.length + 1,
  });
  return {
    parse(text) {
      const known = modules.get(text);
      if (known !== undefined) return known;
      const module = parser.parse(text);
      modules.set(text, module);
      return module;
    },
  };
}
