import type { ScanResult } from '../api/scan.ts';
import type { Finding } from '../core/finding.ts';

/** A finding as `scan` and `diff` print it: what is absent is null. */
export function wireFinding({ rule, effect, message, file, line, context }: Finding): ScanResult['findings'][number] {
  return { rule, effect, message, file: file ?? null, line: line ?? null, context: context ?? null };
}
