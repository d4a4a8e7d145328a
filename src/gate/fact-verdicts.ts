import type { Pin } from '../core/manifest/manifest.ts';
import { type Fact, isSameRelease } from '../core/policy/fact.ts';
import type { ProjectName } from '../core/python/name.ts';
import type { PinVerdicts } from './audit-manifests.ts';
import { refusalsInForce } from './team-advisories.ts';

/**
 * What the recorded decisions of the team say of pins when no gate can be asked: denials and revocations, whichever index
 * they are for. One about single bytes counts for a pin that names them, or that names none.
 */
export function createFactVerdicts(facts: readonly Fact[]): PinVerdicts {
  const byProject = new Map<ProjectName, Fact[]>();
  for (const fact of refusalsInForce(facts)) {
    byProject.set(fact.project, [...(byProject.get(fact.project) ?? []), fact]);
  }
  return async (pins) =>
    pins.map((pin) => {
      const about = (byProject.get(pin.project) ?? []).filter((fact) => speaksOf(fact, pin));
      const fact = about.find(({ kind }) => kind === 'revocation') ?? about[0];
      if (fact === undefined) return undefined;
      const said = fact.kind === 'revocation' ? 'revoked by the team' : 'denied by the team';
      return { kind: 'refused', effect: 'block', rule: fact.kind, message: `${said}: ${fact.reason}` };
    });
}

function speaksOf({ version, sha256 }: Fact, pin: Pin): boolean {
  if (version !== undefined && !isSameRelease(version, pin.version)) return false;
  return sha256 === undefined || pin.hashes.length === 0 || pin.hashes.includes(`sha256:${sha256}`);
}
