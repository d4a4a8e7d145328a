/** One file of a release as a gate tells it: a part of `wheelgate.release/1` (src/api/release.ts). */
export type GateFile = {
  readonly filename: string;
  /** Below the root of the index, not percent-encoded. */
  readonly path: string;
  readonly sha256: string | null;
  /** Bytes. */
  readonly size: number | null;
  /** ISO 8601. */
  readonly uploadTime: string | null;
  readonly provenance: boolean;
  readonly approval: { readonly actor: string; readonly at: string } | null;
  readonly verdict: 'allow' | 'hold' | 'block';
  readonly reasons: readonly {
    readonly rule: string;
    readonly effect: 'note' | 'hold' | 'block';
    readonly message: string;
    readonly pending?: true | undefined;
  }[];
};

/** What a gate says of a release. */
export type GateRelease = {
  readonly state: 'found' | 'absent' | 'reserved';
  readonly policyRevision: string;
  readonly advisoriesAsOf: string | null;
  readonly files: readonly GateFile[];
  readonly requiresDist: readonly string[] | null;
  /** Releases of the project that install now, newest first. */
  readonly offered: readonly string[];
};

/** True for a file that nothing speaks against but that nobody asked for it yet: asking has it inspected. */
export function awaitsInspection({ verdict, reasons }: GateFile): boolean {
  return verdict === 'hold' && reasons.every(({ effect, pending }) => effect === 'note' || pending === true);
}

/** True for a file that a client gets, now or after its first inspection: what the gate's page lists plainly. */
export function isOfferedFile(file: GateFile): boolean {
  return file.verdict === 'allow' || awaitsInspection(file);
}

/** Why a file is withheld, in one line. */
export function refusalOf({ reasons, verdict }: GateFile): string {
  const weighty = reasons.filter(({ effect, pending }) => effect !== 'note' && !pending);
  const decisive = weighty.find(({ effect }) => effect === verdict) ?? weighty[0];
  return decisive?.message ?? 'not inspected yet';
}

/** Who or what let these files in, for the comment of a lock. */
export function approvalOf(files: readonly GateFile[]): string {
  const people = new Set(
    files.flatMap(({ approval }) => (approval ? `${approval.actor} on ${approval.at.slice(0, 10)}` : [])),
  );
  const byPolicy = files.some(({ approval }) => approval === null);
  return `by ${[...[...people].sort(), ...(byPolicy ? ['the policy'] : [])].join(' and ')}`;
}
