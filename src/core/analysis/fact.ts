import type { Role } from './catalogue/roles.ts';
import type { CallShape } from './values/value.ts';

/** When code runs, the earliest first. `entry`: started by hand (a script, `__main__`, an entry point). */
export const CONTEXTS = ['install', 'start-up', 'import', 'entry', 'call'] as const;
export type Context = (typeof CONTEXTS)[number];

/** Where in the package something was seen. */
export type Place = {
  readonly context: Context;
  readonly file: string;
  /** 1-based line of the file, also for code found inside a string. */
  readonly line: number;
  /** The smallest piece of code that is judged: the file, or one top-level function or class of code only called. */
  readonly unit: string;
  /** 0 for the file itself, n for code found inside n strings. */
  readonly layer: number;
  /** True when one of those strings had to be decoded first. */
  readonly decodedLayer: boolean;
  /** The function body (or module body) around it. */
  readonly scope: string;
};

/** What the interpreter saw, before any judgement. Rules read nothing else. */
export type Fact = { readonly place: Place } & (
  | {
      readonly kind: 'call';
      readonly role: Role;
      readonly name: string;
      readonly call: CallShape;
      readonly taint: number;
    }
  /** A text that stands in the code or was folded from its constants. */
  | { readonly kind: 'text'; readonly text: string }
  /** A decoder or cipher gave a constant. `text` is empty when it is no text. */
  | {
      readonly kind: 'decoded';
      readonly how: string;
      readonly text: string;
      readonly program: boolean;
      readonly media: boolean;
      readonly size: number;
    }
  /** A module of the standard library or of another project was imported, or looked up by a name in a string. */
  | { readonly kind: 'import'; readonly name: string; readonly dynamic: boolean }
  /** Text was run as code; what it does are further facts with a higher layer. */
  | { readonly kind: 'layer'; readonly how: LayerKind; readonly text: string }
  /** A long literal of base-N digits. */
  | { readonly kind: 'blob'; readonly length: number }
  /** Something about how the source is written. */
  | { readonly kind: 'source'; readonly shape: SourceShape; readonly text: string }
  | { readonly kind: 'limit'; readonly what: string }
);

/** How a text came to be run. `source-file`: as the content of a Python file of the package, which is no layer of its own. */
export type LayerKind = 'execute' | 'command' | 'written' | 'source-file';

export type SourceShape =
  | 'hidden-by-spaces'
  | 'bidirectional'
  | 'mixed-script-name'
  | 'broken'
  | 'protected'
  | 'mangled-names'
  | 'long-line';

export type CallFact = Extract<Fact, { kind: 'call' }>;
