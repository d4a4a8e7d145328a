import { type CommandKind, commandKinds, isBuildCommand } from '../catalogue/commands.ts';
import { type HostKind, hostKinds, kindsOfHost } from '../catalogue/hosts.ts';
import type { CallFact, Fact } from '../fact.ts';
import { TAINT } from '../values/taint.ts';
import { firstOf, optionsOf, plainText, type Value } from '../values/value.ts';
import { callsOf, type Hit, type Unit } from './rule.ts';

const MAX_TEXTS = 60;
const EXCERPT = 160;

/** The constant texts among the arguments of a call, also those inside lists and dicts. */
export function textsOf(fact: CallFact): readonly string[] {
  const known = memory.get(fact);
  if (known !== undefined) return known;
  const texts: string[] = [];
  const visit = (value: Value, depth: number): void => {
    if (texts.length >= MAX_TEXTS || depth > 3) return;
    for (const each of optionsOf(value)) {
      if (each.kind === 'text') texts.push(each.value);
      else if (each.kind === 'bytes' && each.value.length < 20_000) texts.push(plainText(each) ?? '');
      else if (each.kind === 'list') for (const item of each.items.slice(0, 20)) visit(item, depth + 1);
      else if (each.kind === 'dict') for (const item of [...each.entries.values()].slice(0, 20)) visit(item, depth + 1);
    }
  };
  for (const value of [...fact.call.args, ...fact.call.keywords.values()]) visit(value, 0);
  memory.set(fact, texts);
  return texts;
}
const memory = new WeakMap<CallFact, readonly string[]>();

/** The command line of a started process as far as it is known; the items of a list joined by spaces. */
export function commandOf(fact: CallFact): string {
  const first = firstOf(fact.call.args[0] ?? fact.call.keywords.get('args') ?? { kind: 'unknown', taint: 0 });
  const parts =
    first.kind === 'list'
      ? first.items
      : /spawn|exec[lv]|create_subprocess_exec|ShellExecute/.test(fact.name)
        ? fact.call.args
        : [first];
  return parts.map((part) => plainText(firstOf(part)) ?? '\uf8ff').join(' ');
}

export function commandKindsOf(fact: CallFact): Set<CommandKind> {
  return commandKinds(commandOf(fact));
}

/** Processes that are not the ordinary tools of a build or a terminal. */
export function processesOf(unit: Unit): CallFact[] {
  return callsOf(unit, 'process').filter((fact) => !isBuildCommand(commandOf(fact)));
}

const LOCAL = /^(?:[a-z]+:\/\/)?(?:localhost|127\.\d|0\.0\.0\.0|10\.\d|192\.168\.|169\.254\.|::1|\[::1\])/i;

/** True for what a function does to its arguments when somebody calls it: the caller brought it. */
export function isOfCaller(fact: CallFact): boolean {
  return fact.place.context === 'call' && (fact.taint & TAINT.parameter) !== 0;
}

/**
 * Requests that leave the machine, or may: those to a constant local address are left out. Looking up a constant foreign
 * name is one, because its owner sees who asks.
 */
export function requestsOf(unit: Unit): CallFact[] {
  return callsOf(unit, 'network', 'resolve').filter((fact) =>
    fact.role === 'resolve' ? targetKinds(fact, unit).has('foreign') : !textsOf(fact).some((text) => LOCAL.test(text)),
  );
}

/** The kinds of place that a request goes to. */
export function targetKinds(fact: CallFact, unit: Unit): Set<HostKind> {
  const kinds = new Set<HostKind>();
  for (const text of textsOf(fact)) {
    for (const kind of hostKinds(text, unit.about.ownLabels)) kinds.add(kind);
    if (text.includes('://')) continue;
    const bare = kindsOfHost(text.toLowerCase().replace(/[/:].*$/, ''), unit.about.ownLabels);
    // `data.json` looks like a host: to other clients only hosts that we know by name count without a scheme.
    const known = bare.filter((kind) => kind !== 'foreign' && kind !== 'odd-domain');
    for (const kind of BY_HOST.test(fact.name) || known.length > 0 ? bare : []) kinds.add(kind);
  }
  return kinds;
}
/** Calls that take a bare host instead of a URL. */
const BY_HOST = /^(?:socket|smtplib|ftplib|http\.client|httplib|paramiko|dns|telnetlib|asyncio)\b/;

type Mention = { readonly text: string; readonly fact: Fact };

/** Every text of the unit that a rule may look at: constants, folded and decoded texts. */
export function mentionsOf(unit: Unit): readonly Mention[] {
  const known = mentions.get(unit);
  if (known !== undefined) return known;
  const found: Mention[] = [];
  for (const fact of unit.facts)
    if ((fact.kind === 'text' || fact.kind === 'decoded') && fact.text !== '') found.push({ text: fact.text, fact });
  mentions.set(unit, found);
  return found;
}
const mentions = new WeakMap<Unit, readonly Mention[]>();

export function hit(fact: Fact, excerpt: string): Hit {
  return { place: fact.place, excerpt: excerpt.replaceAll('\uf8ff', '…').slice(0, EXCERPT) };
}

/** A call as a reader would recognise it. */
export function callHit(fact: CallFact): Hit {
  const [text = ''] = textsOf(fact);
  return hit(fact, `${fact.name.replace(/^builtins\./, '')}(${text})`);
}

/** Hits of requests to places of one kind. */
export function requestsTo(unit: Unit, kind: HostKind): Hit[] {
  return requestsOf(unit)
    .filter((fact) => targetKinds(fact, unit).has(kind))
    .map(callHit);
}

/** Hits of texts that name a place of one kind. */
export function mentionsTo(unit: Unit, kind: HostKind): Hit[] {
  return mentionsOf(unit)
    .filter(({ text }) => hostKinds(text, unit.about.ownLabels).has(kind))
    .map(({ text, fact }) => hit(fact, text));
}

/** Calls of `wanted` in bodies in which one of `beside` happens too. */
export function sideBySide(wanted: readonly CallFact[], beside: readonly Fact[]): Hit[] {
  const bodies = new Set(beside.map((fact) => fact.place.scope));
  return wanted.filter((fact) => bodies.has(fact.place.scope)).map(callHit);
}
