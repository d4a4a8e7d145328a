import type { Advisory } from '../core/advisories/advisory.ts';
import { summaryLine } from '../core/advisories/summary-line.ts';
import { type Fact, latestFacts } from '../core/policy/fact.ts';

/** Begins the ids of the team's own records; `x_` is what the OSV schema keeps for such. */
const PREFIX = 'x_WHEELGATE-';

/**
 * The team's denials and revocations in force as advisories, so that tools which ask the OSV endpoint obey them. One that
 * is about single bytes counts for its whole release, for whoever asks by version cannot tell the files apart.
 */
export function teamAdvisories(facts: readonly Fact[]): readonly Advisory[] {
  return refusalsInForce(facts).map(toAdvisory);
}

/** Denials and revocations that no later fact about the same subject lifted. */
export function refusalsInForce(facts: readonly Fact[]): readonly Fact[] {
  const bySubject = new Map<string, Fact[]>();
  for (const fact of facts) {
    const subject = `${fact.index ?? ''} ${fact.sha256 ?? `${fact.project} ${fact.version ?? ''}`}`;
    bySubject.set(subject, [...(bySubject.get(subject) ?? []), fact]);
  }
  return [...bySubject.values()].flatMap((about) => {
    const { revocation, denial } = latestFacts(about);
    return revocation ?? denial ?? [];
  });
}

function toAdvisory({ id, kind, project, version, sha256, reason, at }: Fact): Advisory {
  const summary = summaryLine(`${kind === 'revocation' ? 'Revoked' : 'Denied'} by the team: ${reason}`);
  const moment = at.toISOString();
  return {
    id: `${PREFIX}${id}`,
    kind: 'vulnerability',
    aliases: [],
    ...(summary !== undefined && { summary }),
    published: moment,
    modified: moment,
    affected: [
      {
        project,
        versions: version === undefined ? [] : [version],
        ranges: version === undefined ? [[{ type: 'introduced', version: '0' }]] : [],
        sha256: sha256 === undefined ? [] : [sha256],
      },
    ],
  };
}
