/** Rewrites of Python source that change how code looks and not what it does: what an attacker does to a known sample. */
import { deflateSync } from 'node:zlib';

export type Mutation = { readonly name: string; apply(source: string): string };

const STRING = /(^|[=(,[\s:+])(["'])([^"'\\\n{}]{4,200})\2(?=\s*[),\]\n:;])/g;
const CALL = /(?<![\w.])(os|subprocess|requests|socket|base64|shutil|platform)\.([a-z]\w{2,})\(/g;

/** Plain literals become sums of two pieces; dict keys, docstrings and adjacent literals are left alone. */
function splitStrings(source: string): string {
  return source.replace(STRING, (all, before: string, quote: string, text: string, at: number) => {
    if (before === '' || before === '\n' || /^[ \t]*["']/.test(lineAround(source, at))) return all;
    const middle = text.length >> 1;
    return `${before}(${quote}${text.slice(0, middle)}${quote} + ${quote}${text.slice(middle)}${quote})`;
  });
}

function lineAround(source: string, at: number): string {
  return source.slice(source.lastIndexOf('\n', at) + 1, at + 1);
}

function indirectCalls(source: string): string {
  return source.replace(
    CALL,
    (_all, module: string, name: string) => `getattr(${module}, '${name.slice(0, 2)}' + '${name.slice(2)}')(`,
  );
}

/** Functions and classes of a file get names without meaning, also where they are called in it. */
function renameDefinitions(source: string): string {
  let renamed = source;
  const names = new Set([...source.matchAll(/^[ \t]*(?:def|class)[ \t]+([A-Za-z]\w{3,})/gm)].map(([, name]) => name!));
  for (const name of names) {
    if (/^(?:run|main|setup|test_|initialize_options|finalize_options)/.test(name)) continue;
    renamed = renamed.replace(
      new RegExp(`(?<![\\w'"/-])${name}(?![\\w'"/-])`, 'g'),
      `v${[...name].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 999_983, 7)}`,
    );
  }
  return renamed;
}

function wrap(make: (bytes: Buffer) => string): (source: string) => string {
  return (source) => (source.trim() === '' ? source : make(Buffer.from(source)));
}

const quoted = (bytes: Buffer, encoding: 'base64' | 'hex') => `'${bytes.toString(encoding)}'`;

export const MUTATIONS: readonly Mutation[] = [
  { name: 'none', apply: (source) => source },
  { name: 'definitions renamed', apply: renameDefinitions },
  { name: 'strings split', apply: splitStrings },
  { name: 'calls through getattr', apply: indirectCalls },
  { name: 'renamed, split, getattr', apply: (source) => indirectCalls(splitStrings(renameDefinitions(source))) },
  {
    name: 'base64 and exec',
    apply: wrap((bytes) => `import base64\nexec(base64.b64decode(${quoted(bytes, 'base64')}))\n`),
  },
  { name: 'hex and exec', apply: wrap((bytes) => `exec(bytes.fromhex(${quoted(bytes, 'hex')}).decode())\n`) },
  {
    name: 'zlib, reversed base64, hidden exec',
    apply: wrap(
      (bytes) =>
        `import zlib as z, base64 as b\ne = getattr(__builtins__, 'ex' + 'ec')\ne(z.decompress(b.b64decode('${[...deflateSync(bytes).toString('base64')].toReversed().join('')}'[::-1])))\n`,
    ),
  },
  {
    name: 'XOR in a loop',
    apply: wrap(
      (bytes) =>
        `k = 23\nd = bytes.fromhex('${Buffer.from(bytes.map((byte) => byte ^ 23)).toString('hex')}')\ns = bytes(c ^ k for c in d)\nexec(s.decode())\n`,
    ),
  },
];
