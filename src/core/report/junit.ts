import { sayExploitation } from '../advisories/exploitation.ts';
import { type AuditFinding, type AuditReport, sayWayOut, sayWeight } from './audit-report.ts';
import { plainLine } from './plain-line.ts';

/** One suite per file: a finding is a failed case, an unaudited requirement a skipped one, an unreadable line an error. */
export function renderJunit({ files, findings, unaudited, errors }: AuditReport): string {
  const named = [...findings, ...unaudited, ...errors].map(({ file }) => file);
  const suites = [...new Set([...files, ...named])].map((file) => {
    const here = <T extends { readonly file: string }>(items: readonly T[]) =>
      items.filter((item) => item.file === file);
    const failed = here(findings).map(failureCase);
    const skipped = here(unaudited).map(({ requirement, reason, line }) =>
      testCase(
        file,
        `${requirement} (line ${line ?? 1})`,
        `<skipped message="${escapeXml(`not audited: ${reason}`)}"/>`,
      ),
    );
    const broken = here(errors).map(({ message, line }) =>
      testCase(file, `line ${line ?? 1}`, `<error message="${escapeXml(message)}"/>`),
    );
    const cases = [...failed, ...skipped, ...broken];
    // A suite without cases counts as one that did not run.
    const shown = cases.length > 0 ? cases : [testCase(file, 'no findings', '')];
    const counts = `tests="${shown.length}" failures="${failed.length}" skipped="${skipped.length}" errors="${broken.length}"`;
    return [`<testsuite name="${escapeXml(file)}" ${counts}>`, ...shown, '</testsuite>'].join('\n');
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="wheelgate audit">\n${suites.join('\n')}\n</testsuites>\n`;
}

function failureCase(finding: AuditFinding): string {
  const { project, version, ids, file, line, summary } = finding;
  const text = `${[sayWeight(finding), ...sayExploitation(finding.exploitation)].join('; ')}: ${summary ?? ids.join(', ')}; ${sayWayOut(finding)}`;
  const body = `<failure message="${escapeXml(text)}" type="${finding.kind}">${escapeXml(`${ids.join(', ')} at ${file}:${line ?? 1}`)}</failure>`;
  return testCase(file, `${project} ${version}: ${ids[0]} (line ${line ?? 1})`, body);
}

function testCase(file: string, name: string, body: string): string {
  const start = `<testcase classname="${escapeXml(file)}" name="${escapeXml(name)}"`;
  return body === '' ? `${start}/>` : `${start}>${body}</testcase>`;
}

/** XML 1.0 has no way to write most control characters, nor half a surrogate pair. */
function escapeXml(text: string): string {
  return plainLine(text)
    .replace(/[\ufffe\uffff\p{Cs}]/gu, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}
