import type { Identity } from '../core/identity/identity.ts';
import { decide } from '../core/policy/decide.ts';
import type { DecidedFile } from './decide-project.ts';
import { fileSubject } from './file-subject.ts';
import type { Knowledge } from './knowledge.ts';
import type { Clock } from './ports.ts';
import type { ServedIndex } from './served-index.ts';

/**
 * Decides a withheld file again for somebody who has exemptions of their own. Pages are the same for all, so that only the
 * door of the file asks; what comes out is no verdict of the index, and is not recorded as one.
 */
export function createConsumerExemptions({
  knowledge,
  clock,
}: {
  readonly knowledge: Pick<Knowledge, 'consumerExemptionsFor'>;
  readonly clock: Clock;
}) {
  /** @returns undefined when there is nothing of their own to say */
  return function decideFor(index: ServedIndex, identity: Identity, file: DecidedFile): DecidedFile | undefined {
    const own = knowledge.consumerExemptionsFor(fileSubject(file.evidence.file), identity, clock());
    if (own.length === 0) return undefined;
    const evidence = { ...file.evidence, exemptions: [...(file.evidence.exemptions ?? []), ...own] };
    const policy = index.policy();
    return { ...file, evidence, verdict: decide(policy, evidence, clock()), policyRevision: policy.revision };
  };
}
