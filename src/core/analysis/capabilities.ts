import type { Role } from './catalogue/roles.ts';
import { CONTEXTS, type Context, type Fact } from './fact.ts';

/** What code can do, in the words of the approval screen. */
export const CAPABILITIES = [
  'network',
  'process',
  'dynamic-code',
  'environment',
  'host-facts',
  'file-write',
  'file-delete',
  'native-code',
  'decoding',
  'secrets',
  'clipboard',
  'recording',
  'package-install',
  'start-up-hook',
] as const;
export type CapabilityName = (typeof CAPABILITIES)[number];

/** One capability of one file, in the earliest context in which the file has it. */
export type Capability = {
  readonly capability: CapabilityName;
  readonly context: Context;
  readonly file: string;
  readonly line: number;
};

const BY_ROLE: Readonly<Partial<Record<Role, CapabilityName>>> = {
  network: 'network',
  resolve: 'network',
  process: 'process',
  execute: 'dynamic-code',
  deserialise: 'dynamic-code',
  'load-module': 'dynamic-code',
  'environment-read': 'environment',
  'environment-write': 'environment',
  host: 'host-facts',
  write: 'file-write',
  copy: 'file-write',
  unpack: 'file-write',
  permit: 'file-write',
  'registry-write': 'file-write',
  delete: 'file-delete',
  'load-native': 'native-code',
  'native-memory': 'native-code',
  decode: 'decoding',
  decrypt: 'decoding',
  'cookie-read': 'secrets',
  unprotect: 'secrets',
  'clipboard-read': 'clipboard',
  'clipboard-write': 'clipboard',
  record: 'recording',
  'install-package': 'package-install',
};

/** The capabilities of each file, sorted by how early they are reached, then by name and file. */
export function capabilitiesOf(facts: readonly Fact[]): Capability[] {
  const earliest = new Map<string, Capability>();
  for (const fact of facts) {
    const { context, file, line } = fact.place;
    const capability = fact.kind === 'call' ? BY_ROLE[fact.role] : undefined;
    const found =
      context === 'start-up' && fact.kind === 'call' ? (['start-up-hook', capability] as const) : [capability];
    for (const name of found) {
      if (name === undefined) continue;
      const key = `${name}|${file}`;
      const known = earliest.get(key);
      if (
        known === undefined ||
        rank(context) < rank(known.context) ||
        (context === known.context && line < known.line)
      ) {
        earliest.set(key, { capability: name, context, file, line });
      }
    }
  }
  return [...earliest.values()].sort(
    (a, b) =>
      rank(a.context) - rank(b.context) ||
      CAPABILITIES.indexOf(a.capability) - CAPABILITIES.indexOf(b.capability) ||
      (a.file < b.file ? -1 : 1),
  );
}

function rank(context: Context): number {
  return CONTEXTS.indexOf(context);
}
