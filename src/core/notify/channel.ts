import { type Notice, type NoticeSeverity, SEVERITIES } from './notice.ts';

/** Where notices go, and which. */
export type Channel = {
  readonly name: string;
  readonly target: Target;
  /** Types of events; `review.*` means all that begin so. Empty: all. */
  readonly events: readonly string[];
  readonly min_severity: NoticeSeverity;
  /** Notices of these indexes; those of no index pass. Empty: all. */
  readonly indexes: readonly string[];
  /** Notices in which one of these rules decided. Empty: all, also those without a rule. */
  readonly rules: readonly string[];
  /** Milliseconds that notices are gathered before they go out together; critical ones do not wait. */
  readonly digest: number;
};

/** `webhook` follows standardwebhooks.com; the three chats take their own formats. */
export type Target =
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: string }
  | { readonly kind: 'slack' | 'teams' | 'mattermost'; readonly url: string }
  | { readonly kind: 'mail'; readonly smtp: string; readonly from: string; readonly to: readonly string[] };

/** True when a channel wants to hear of something. */
export function wants(channel: Channel, { type, severity, index, rules }: Notice): boolean {
  return (
    SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(channel.min_severity) &&
    matchesOne(channel.events, type) &&
    (channel.indexes.length === 0 || index === undefined || channel.indexes.includes(index)) &&
    (channel.rules.length === 0 || channel.rules.some((rule) => rules.includes(rule)))
  );
}

function matchesOne(patterns: readonly string[], type: string): boolean {
  if (patterns.length === 0) return true;
  return patterns.some((pattern) => (pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern));
}
