import type { FindingList } from './finding-list.ts';
import { normalPath } from './member-path.ts';
import { parseRecord, type RecordRow } from './record.ts';
import type { WalkedMember } from './walk-members.ts';

/**
 * Compares RECORD with the members of a wheel, both ways (PEP 427: every file is listed with its hash and size, except RECORD
 * and its signatures).
 * @param folder the dist-info folder
 */
export function checkRecord(
  folder: string,
  record: Uint8Array | undefined,
  members: readonly WalkedMember[],
  findings: FindingList,
): void {
  const path = `${folder}/RECORD`;
  const rows = record === undefined ? undefined : parseRecord(record);
  if (rows === undefined) {
    findings.add(record === undefined ? 'record-missing' : 'record-invalid', path);
    return;
  }
  const byPath = indexRows(rows, findings);
  const unlisted = new Set([path, `${folder}/RECORD.jws`, `${folder}/RECORD.p7s`]);
  const present = new Set<string>();
  for (const member of members) {
    present.add(member.path);
    if (member.kind === 'directory' || unlisted.has(member.path)) continue;
    const row = byPath.get(member.path);
    if (row === undefined) findings.add('record-unlisted', member.path);
    else checkRow(row, member, findings);
  }
  for (const { path: listed } of byPath.values()) {
    if (!present.has(listed) && !listed.endsWith('/')) findings.add('record-absent-member', listed);
  }
}

function indexRows(rows: readonly RecordRow[], findings: FindingList): ReadonlyMap<string, RecordRow> {
  const byPath = new Map<string, RecordRow>();
  for (const row of rows) {
    const other = byPath.get(row.path);
    if (other !== undefined && (other.hash !== row.hash || other.size !== row.size))
      findings.add('record-repeated', row.path);
    if (row.path.startsWith('/') || normalPath(row.path).startsWith('..')) findings.add('record-path', row.path);
    byPath.set(row.path, row);
  }
  return byPath;
}

function checkRow({ hash, size }: RecordRow, member: WalkedMember, findings: FindingList): void {
  const [algorithm, digest] = hash.split('=', 2);
  if (hash === '') {
    findings.add(member.path.endsWith('.pyc') ? 'record-no-hash-pyc' : 'record-no-hash', member.path);
  } else if (algorithm !== 'sha256') {
    findings.add('record-weak-hash', member.path, algorithm);
  } else if (member.sha256 !== undefined && digest === member.sha256) {
    findings.add('record-hex-hash', member.path);
  } else if (member.sha256 !== undefined && digest !== Buffer.from(member.sha256, 'hex').toString('base64url')) {
    findings.add('record-hash-mismatch', member.path);
  }
  if (size !== '' && Number(size) !== member.size) findings.add('record-size-mismatch', member.path, size);
}
