import type { Role } from '../catalogue/roles.ts';
import type { CallFact, Fact, Place } from '../fact.ts';

/** What a rule knows about the distribution besides its code. */
export type About = {
  /** Labels of the project's own domains and its name: a host with one of them is not foreign. */
  readonly ownLabels: ReadonlySet<string>;
};

/** The smallest piece of code that is judged, with all that was seen in it. */
export type Unit = {
  readonly name: string;
  readonly file: string;
  readonly facts: readonly Fact[];
  readonly about: About;
};

/** One observation of a rule. `excerpt` is text from the package, for display. */
export type Hit = { readonly place: Place; readonly excerpt: string };

export type Rule = {
  /** Stable and kebab-case: the name in findings, in the weights and of the folder. */
  readonly id: string;
  /** One line for a list of reasons, without a full stop. */
  readonly title: string;
  /** What it means and which honest code looks alike. */
  readonly description: string;
  /** What a reviewer can do about it. */
  readonly remedy: string;
  detect(unit: Unit): readonly Hit[];
};

/** The calls of a unit with one of these roles. */
export function callsOf(unit: Unit, ...roles: readonly Role[]): CallFact[] {
  return unit.facts.filter((fact): fact is CallFact => fact.kind === 'call' && roles.includes(fact.role));
}
