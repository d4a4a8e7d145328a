import { hasCode } from '../core/errors.ts';
import { adviseRaise } from '../core/lock/raise-advice.ts';
import type { Manifest, Pin } from '../core/manifest/manifest.ts';
import type { MarkerTarget } from '../core/manifest/marker-target.ts';
import { isRequirementsName } from '../core/manifest/read-manifest.ts';
import { type PinEdit, rewriteRequirements } from '../core/manifest/rewrite-requirements.ts';
import type { ProjectName } from '../core/python/name.ts';
import { type AuditFinding, compareFindings } from '../core/report/audit-report.ts';
import type { Fix, RaisedPin } from '../core/report/fix-report.ts';
import { type FixNeeds, planFix, type Raise } from './plan-fix.ts';
import type { ReleaseSource } from './ports.ts';

export type FixManifestsNeeds = {
  readonly source: ReleaseSource;
  readonly findingsOf: FixNeeds['findingsOf'];
  readonly target: MarkerTarget;
  /** @throws {WheelgateError} INPUT_UNREADABLE */
  readonly read: (path: string) => Uint8Array;
};

/**
 * Plans what raises the affected pins and writes it into the bytes of the requirements files. Files that include one another
 * are planned together; files that have nothing in common are not.
 * @param findings what counts; those of policy are the gate's to lift, not a matter of versions
 */
export async function fixManifests(
  manifests: readonly Manifest[],
  findings: readonly AuditFinding[],
  needs: FixManifestsNeeds,
): Promise<Fix> {
  const all: Fix[] = [];
  for (const pins of installedTogether(manifests)) all.push(await fixTogether(pins, findings, needs));
  return {
    files: all.flatMap(({ files }) => files),
    raised: all.flatMap(({ raised }) => raised),
    refused: all.flatMap(({ refused }) => refused),
    remarks: [...new Set(all.flatMap(({ remarks }) => remarks))],
  };
}

/** What cannot be written after all is left as it is, and the rest is planned again around it. */
async function fixTogether(
  pins: readonly Pin[],
  findings: readonly AuditFinding[],
  needs: FixManifestsNeeds,
): Promise<Fix> {
  const frozen = new Map<ProjectName, string>();
  const affected = affectedProjects(pins, findings);
  const isComplete = pins.some(({ hashes, file }) => hashes.length > 0 && isRequirementsName(file));
  for (;;) {
    const { raises, refused, remarks } = await planFix(pins, affected, { ...needs, isComplete, frozen });
    const written = writeRaises(raises, pins, needs.read);
    if (written.refused.size === 0) {
      return { files: written.files, raised: raises.map((raise) => toRaised(raise, pins)), refused, remarks };
    }
    for (const [project, reason] of written.refused) frozen.set(project, reason);
  }
}

function writeRaises(
  raises: readonly Raise[],
  pins: readonly Pin[],
  read: FixManifestsNeeds['read'],
): { readonly files: Fix['files']; readonly refused: ReadonlyMap<ProjectName, string> } {
  const refused = new Map<ProjectName, string>();
  const edits = new Map<string, PinEdit[]>();
  for (const raise of raises) {
    for (const pin of pins.filter(({ project }) => project === raise.project)) {
      const { file, project } = pin;
      if (!isRequirementsName(file)) refused.set(project, adviseRaise(file, project, raise.to.version.text));
      else edits.set(file, [...(edits.get(file) ?? []), editOf(pin, raise)]);
    }
  }
  const files = [...edits].map(([path, wanted]) => {
    const before = read(path);
    const { bytes: after, refused: unwritten } = rewrite(before, wanted);
    for (const { edit, reason } of unwritten) refused.set(edit.project, `${path}:${edit.line}: ${reason}`);
    return { path, before, after };
  });
  return { files, refused };
}

/** Pins by what is installed together: manifests that read the same file are one, and so are a file and its includes. */
function installedTogether(manifests: readonly Manifest[]): readonly (readonly Pin[])[] {
  const groups: { files: Set<string>; pins: Pin[] }[] = [];
  for (const { pins } of manifests) {
    const files = new Set(pins.map(({ file }) => file));
    const joined = groups.filter((group) => [...files].some((file) => group.files.has(file)));
    const merged = { files, pins: [...pins] };
    for (const group of joined) {
      for (const file of group.files) merged.files.add(file);
      merged.pins.push(...group.pins);
      groups.splice(groups.indexOf(group), 1);
    }
    groups.push(merged);
  }
  return groups.map(({ pins }) => [
    ...new Map(pins.map((pin) => [`${pin.file}:${pin.line} ${pin.project}`, pin])).values(),
  ]);
}

/** Projects with a finding in one of these files, the worst first. */
function affectedProjects(pins: readonly Pin[], findings: readonly AuditFinding[]): readonly ProjectName[] {
  const places = new Set(pins.map(({ project, version, file, line }) => `${project} ${version} ${file}:${line}`));
  const here = findings.filter(
    ({ kind, project, version, file, line }) =>
      kind !== 'policy' && places.has(`${project} ${version} ${file}:${line}`),
  );
  return [...new Set([...here].sort(compareFindings).map(({ project }) => project))];
}

function editOf({ line = 1, project, version }: Pin, { to }: Raise): PinEdit {
  return { line, project, from: version, to: to.version.text, hashes: to.sha256.map((digest) => `sha256:${digest}`) };
}

function toRaised({ project, from, to, because }: Raise, pins: readonly Pin[]): RaisedPin {
  const own = pins.filter((pin) => pin.project === project);
  return {
    project,
    from: from.text,
    to: to.version.text,
    places: own.map(({ file, line }) => ({ file, ...(line !== undefined && { line }) })),
    ...(because !== undefined && { because }),
  };
}

function rewrite(before: Uint8Array, edits: readonly PinEdit[]): ReturnType<typeof rewriteRequirements> {
  try {
    return rewriteRequirements(before, edits);
  } catch (error) {
    if (!hasCode(error, 'INPUT_UNREADABLE')) throw error;
    return { bytes: before, refused: edits.map((edit) => ({ edit, reason: error.message })) };
  }
}
