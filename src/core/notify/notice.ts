import type { AuditEvent } from '../audit/event.ts';

export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type NoticeSeverity = (typeof SEVERITIES)[number];

/** Something that people want to hear of, made from one event of the audit log. Plain JSON. */
export type Notice = {
  /** Number of the event in the log. */
  readonly seq: number;
  /** Type of the event, such as `fact.revocation`. */
  readonly type: string;
  readonly severity: NoticeSeverity;
  /** ISO 8601. */
  readonly at: string;
  /** What happened, one line. May hold text from a package or a person: every renderer escapes it. */
  readonly title: string;
  readonly actor: string;
  readonly subject: string;
  readonly index?: string;
  /** The rules that decided, the decisive one first. */
  readonly rules: readonly string[];
  readonly lines: readonly string[];
  /** Path of the page about it, below the address of the gate. */
  readonly path?: string;
};

type Words = { readonly severity: NoticeSeverity; readonly title: string };

/** What an event means to people; undefined for those that are no news, like a file that was served. */
export function noticeOf(
  event: Pick<AuditEvent, 'seq' | 'at' | 'actor' | 'subject' | 'detail'> & { type: string },
): Notice | undefined {
  const words = wordsOf(event);
  if (words === undefined) return undefined;
  const { detail } = event;
  const index = textOf(detail.index);
  const reasons = reasonsOf(detail.reasons);
  const reason = textOf(detail.reason);
  const path = pathOf(event.subject, detail, index);
  return {
    seq: event.seq,
    type: event.type,
    ...words,
    at: event.at.toISOString(),
    actor: event.actor,
    subject: event.subject,
    ...(index !== undefined && { index }),
    rules: reasons.map(({ rule }) => rule),
    lines: [...(reason === undefined ? [] : [reason]), ...reasons.map(({ rule, message }) => `${rule}: ${message}`)],
    ...(path !== undefined && { path }),
  };
}

function wordsOf(event: {
  readonly type: string;
  readonly subject: string;
  readonly actor: string;
  readonly detail: AuditEvent['detail'];
}): Words | undefined {
  const { type, subject, actor, detail } = event;
  if (type === 'verdict.recorded') return wordsOfVerdict(subject, detail);
  const said = WORDS[type];
  return said && { severity: said[0], title: said[1].replace('%s', () => subject).replace('%a', () => actor) };
}

/** A verdict is news when something is withheld; worst when it was let in before. */
function wordsOfVerdict(subject: string, { verdict, before }: AuditEvent['detail']): Words | undefined {
  if (verdict === 'block') {
    return before === 'allow'
      ? { severity: 'critical', title: `${subject} was let in before and is blocked now` }
      : { severity: 'warning', title: `${subject} is blocked` };
  }
  if (verdict !== 'hold') return undefined;
  return before === 'allow'
    ? { severity: 'warning', title: `${subject} was let in before and is held now` }
    : { severity: 'info', title: `${subject} is held` };
}

/** `%s`: the subject; `%a`: who. */
const WORDS: Readonly<Record<string, readonly [NoticeSeverity, string]>> = {
  'fact.approval': ['info', '%a approved %s'],
  'fact.denial': ['warning', '%a denied %s'],
  'fact.revocation': ['critical', '%a revoked %s'],
  'review.opened': ['warning', 'A review of %s was opened'],
  'review.requested': ['info', '%a asks for %s too'],
  'review.voted': ['info', '%a voted on %s'],
  'review.approved': ['info', '%s was approved'],
  'review.rejected': ['warning', '%s was rejected'],
  'review.reopened': ['warning', 'The review of %s is open again'],
  'review.commented': ['info', '%a commented on %s'],
  'review.assigned': ['info', 'The review of %s was assigned'],
  'review.reminder': ['warning', 'The review of %s still waits'],
  'exemption.added': ['warning', '%a exempted %s'],
  'exemption.ended': ['info', 'The exemption of %s ended'],
  'exemption.expiring': ['warning', 'The exemption of %s is about to end'],
  'kill-switch.raised': ['critical', '%a raised the kill switch: %s'],
  'kill-switch.lowering': ['warning', '%a wants to lower the kill switch: %s'],
  'kill-switch.lowered': ['critical', 'The kill switch was lowered: %s'],
  'kill-switch.reminder': ['warning', 'The kill switch is still raised: %s'],
  'upstream.changed-bytes': ['critical', 'An upstream changed the bytes of %s'],
  'policy.loaded': ['info', 'The policy %s changed'],
  'policy.refused': ['warning', 'The policy %s has a mistake and is not in force'],
  'token.created': ['info', '%a made a token: %s'],
  'token.revoked': ['info', '%a revoked a token: %s'],
  'user.created': ['info', '%a added a user: %s'],
  'user.changed': ['info', '%a changed a user: %s'],
  'login.refused': ['warning', 'A login was refused: %s'],
  'report.sent': ['info', '%a reported %s as malware'],
  'audit.gap': ['critical', 'The audit log has a gap'],
};

function reasonsOf(value: unknown): readonly { readonly rule: string; readonly message: string }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null) return [];
    const { rule, message, effect } = one as Readonly<Record<string, unknown>>;
    return typeof rule === 'string' && typeof message === 'string' && effect !== 'note' ? [{ rule, message }] : [];
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The page about the release, when the event names one: in its detail, or by a subject like `demo 1.0`. */
function pathOf(
  subject: string,
  { project, version }: AuditEvent['detail'],
  index: string | undefined,
): string | undefined {
  const [, name, release] = /^([a-z0-9][a-z0-9-]*)(?: (\S+))?$/.exec(subject) ?? [];
  const named = textOf(project) ?? (index === undefined ? undefined : name);
  if (named === undefined) return undefined;
  // A verdict is about a file: `demo demo-1.0-py3-none-any.whl`.
  const told = textOf(version) ?? (/\.(?:whl|gz|zip)$/.test(release ?? '') ? undefined : release);
  const root = index === undefined || index === 'default' ? '' : `/${index}`;
  return `${root}/r/${named}${told === undefined ? '' : `/${encodeURIComponent(told)}`}`;
}
