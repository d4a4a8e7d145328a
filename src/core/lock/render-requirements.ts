import type { LockDocument, LockedRelease } from './lock-document.ts';
import { renderLockHeader } from './lock-header.ts';

export type RequirementsStyle = {
  /** pip 26.1 takes hashes in constraints for what they are; older ones then want them everywhere. */
  readonly hashes: boolean;
  /** Constraints files ask for nothing, and options have no place there. */
  readonly isConstraints: boolean;
};

/** A requirements or constraints file in pip's hash-checking format, byte for byte the same for the same document. */
export function renderRequirements(document: LockDocument, { hashes, isConstraints }: RequirementsStyle): string {
  const options = document.onlyWheels && !isConstraints ? ['--only-binary :all:', ''] : [];
  return [
    renderLockHeader(document.header),
    ...options,
    ...document.releases.map((release) => renderRelease(release, hashes)),
    '',
  ].join('\n');
}

function renderRelease(release: LockedRelease, hashes: boolean): string {
  const { project, version, marker, files } = release;
  const pin = `${project}==${version}${marker === undefined ? '' : ` ; ${marker}`}`;
  const digests = hashes ? files.map(({ sha256 }) => sha256).sort() : [];
  return [
    [pin, ...digests.map((digest) => `    --hash=sha256:${digest}`)].join(' \\\n'),
    `    # via ${release.via.join(', ')}`,
    `    # approved: ${approvalText(release)}`,
  ].join('\n');
}

/** `by the policy`, with what is known of its origin. */
export function approvalText({ approved, withProvenance, files }: LockedRelease): string {
  return withProvenance === 0 ? approved : `${approved}; provenance ${withProvenance} of ${files.length} files`;
}
