import { readFileSync, statSync } from 'node:fs';
import { WheelgateError } from '../core/errors.ts';
import { type Baseline, baselineKeys } from '../core/report/baseline.ts';

/**
 * What `--baseline` names: an earlier JSON report when there is such a file, else a branch, tag or commit.
 * @throws {WheelgateError} INPUT_UNREADABLE for a file that is no report
 */
export async function readBaseline(name: string): Promise<Baseline | { readonly ref: string }> {
  if (!statSync(name, { throwIfNoEntry: false })?.isFile()) {
    if (!/\.json$/i.test(name)) return { ref: name };
    throw unreadable(`there is no baseline ${name}`, 'Check the path.');
  }
  // Loaded when it is needed: the schema library takes as long as the audit.
  const { auditReportSchema } = await import('../api/audit.ts');
  const report = auditReportSchema.safeParse(readJson(name));
  if (!report.success) {
    throw unreadable(
      `the baseline ${name} is no audit report`,
      'Write it with: wheelgate audit --format json',
      report.error,
    );
  }
  return { keys: new Set(report.data.findings.flatMap(baselineKeys)) };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw unreadable(`the baseline ${path} cannot be read`, 'Check that it is a JSON report.', error);
  }
}

function unreadable(message: string, help: string, cause?: unknown): WheelgateError {
  return new WheelgateError('INPUT_UNREADABLE', message, help, cause);
}
