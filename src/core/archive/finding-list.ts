import type { Finding } from '../finding.ts';
import { ARCHIVE_FINDINGS, type ArchiveFindingCode } from './finding-codes.ts';

/** A hostile archive can repeat one trick a million times: beyond this many of a code they are only counted. */
const MAX_PER_CODE = 20;
const MAX_TEXT = 300;

/** Collects what the readers of one archive saw. */
export class FindingList {
  readonly #findings: Finding[] = [];
  readonly #counts = new Map<ArchiveFindingCode, number>();

  /**
   * @param file the path of the member, as stored
   * @param context what was seen; may be text from the archive
   */
  add(code: ArchiveFindingCode, file?: string, context?: string): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count > MAX_PER_CODE) return;
    this.#findings.push({
      rule: 'archive',
      code,
      ...ARCHIVE_FINDINGS[code],
      ...(file === undefined ? {} : { file: cut(file) }),
      ...(context === undefined ? {} : { context: cut(context) }),
    });
  }

  has(code: ArchiveFindingCode): boolean {
    return this.#counts.has(code);
  }

  /** All findings in the order in which they were made; for a code that was cut off, one more says how often it was seen. */
  all(): readonly Finding[] {
    const cutOff = [...this.#counts].filter(([, count]) => count > MAX_PER_CODE);
    return [
      ...this.#findings,
      ...cutOff.map(([code, count]) => ({
        rule: 'archive',
        code,
        effect: ARCHIVE_FINDINGS[code].effect,
        message: `The same was seen ${count - MAX_PER_CODE} more times.`,
      })),
    ];
  }
}

function cut(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}
