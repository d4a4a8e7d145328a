import { sayExploitation } from '../advisories/exploitation.ts';
import type { Place } from '../manifest/manifest.ts';
import { type AuditFinding, type AuditReport, sayWayOut, sayWeight } from './audit-report.ts';
import { plainLine } from './plain-line.ts';
import { sayData, sayFindings, sayScope } from './say-counts.ts';
import { type AffectedRelease, byRelease } from './sort-findings.ts';

const MARGIN = 20;

/** For a person at a terminal: releases with the worst first, then what was not looked at, then one line to remember. */
export function renderText(report: AuditReport, now: Date): string {
  const { findings, unaudited, errors, notes, warnings } = report;
  const lines = [
    ...byRelease(findings).flatMap(renderRelease),
    ...section('Not audited', unaudited, ({ reason, requirement }) => `${reason.padEnd(14)}${requirement}`),
    ...section('Unreadable', errors, ({ message }) => message),
    ...section('Also look at', notes, ({ message }) => message),
    ...warnings.map((warning) => `warning: ${warning}`),
    ...(warnings.length > 0 ? [''] : []),
    `${sayFindings(findings)}. Looked up: ${sayScope(report)}.`,
    `Data: ${sayData(report.data, now)}.`,
  ];
  return `${lines.map(plainLine).join('\n')}\n`;
}

function renderRelease(release: AffectedRelease): readonly string[] {
  const { project, version, group, findings } = release;
  const label = group === undefined ? '' : ` [${group}]`;
  return [`${project} ${version}${label}  ${sayPlace(release)}`, ...findings.flatMap(renderFinding), ''];
}

function renderFinding(finding: AuditFinding): readonly string[] {
  const { ids, summary, confidence, kind, exploitation } = finding;
  const exploited = sayExploitation(exploitation).join('; ');
  const [id = '', ...others] = ids;
  const doubt =
    confidence === 'high' || kind !== 'vulnerability' ? '' : `, ${confidence === 'low' ? 'not sure' : 'contested'}`;
  return [
    `  ${sayWeight(finding).padEnd(MARGIN - 2)}${id}${others.length > 0 ? ` (${others.join(', ')})` : ''}${doubt}`,
    ...(summary === undefined ? [] : [`${' '.repeat(MARGIN)}${summary}`]),
    ...(exploited === '' ? [] : [`${' '.repeat(MARGIN)}${exploited}`]),
    `${' '.repeat(MARGIN)}${sayWayOut(finding)}`,
  ];
}

function section<T extends Place>(title: string, items: readonly T[], say: (item: T) => string): readonly string[] {
  if (items.length === 0) return [];
  return [`${title}:`, ...items.map((item) => `  ${say(item)}  ${sayPlace(item)}`), ''];
}

function sayPlace({ file, line }: Place): string {
  return line === undefined ? file : `${file}:${line}`;
}
