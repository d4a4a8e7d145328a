import type { Context, Fact } from './fact.ts';
import type { About, Hit, Rule, Unit } from './rules/rule.ts';
import type { EvidenceClass } from './scoring/evidence-class.ts';

/** What the rules saw in one unit. */
export type JudgedUnit = { readonly name: string; readonly hits: ReadonlyMap<string, readonly Hit[]> };

/** Groups the facts by the smallest pieces of code that are judged, and asks every rule about each. */
export function judgeUnits(facts: readonly Fact[], rules: readonly Rule[], about: About): JudgedUnit[] {
  const byName = new Map<string, Fact[]>();
  for (const fact of facts) {
    const known = byName.get(fact.place.unit);
    if (known === undefined) byName.set(fact.place.unit, [fact]);
    else known.push(fact);
  }
  return [...byName].map(([name, own]) => {
    const unit: Unit = { name, file: own[0]!.place.file, facts: own, about };
    const hits = new Map<string, readonly Hit[]>();
    for (const rule of rules) {
      const found = rule.detect(unit);
      if (found.length > 0) hits.set(rule.id, found);
    }
    return { name, hits };
  });
}

/** The named features of a unit: see `featuresOfContexts`. */
export function featuresOf(unit: JudgedUnit): Set<string> {
  return featuresOfContexts(
    new Map([...unit.hits].map(([rule, hits]) => [rule, hits.map(({ place }) => place.context)])),
  );
}

/**
 * Features from the contexts in which each rule saw something: rule and how early its code runs. The classes nest, so that
 * weights add up: code that runs at installation also counts as run at import or earlier, and as run at all.
 */
export function featuresOfContexts(found: ReadonlyMap<string, readonly Context[]>): Set<string> {
  const features = new Set<string>();
  for (const [rule, contexts] of found)
    for (const context of contexts) for (const level of LEVELS[context]) features.add(`${rule}@${level}`);
  return features;
}

const LEVELS: Readonly<Record<Context, readonly EvidenceClass[]>> = {
  install: ['install', 'early', 'run'],
  'start-up': ['early', 'run'],
  import: ['early', 'run'],
  entry: ['run'],
  call: ['call'],
};
