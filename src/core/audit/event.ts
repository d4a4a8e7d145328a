/** What happened, before the log numbered and chained it. `subject` names a file, project or setting; `detail` is plain JSON. */
export type AuditEventInput = {
  readonly at: Date;
  readonly type:
    | 'verdict.recorded'
    | 'file.served'
    | 'file.refused'
    | 'fact.approval'
    | 'fact.denial'
    | 'fact.revocation'
    | 'review.opened'
    | 'review.requested'
    | 'review.voted'
    | 'review.approved'
    | 'review.rejected'
    | 'review.reopened'
    | 'review.unneeded'
    | 'review.commented'
    | 'review.assigned'
    | 'review.reminder'
    | 'exemption.added'
    | 'exemption.ended'
    | 'exemption.expiring'
    | 'kill-switch.raised'
    | 'kill-switch.lowering'
    | 'kill-switch.lowered'
    | 'kill-switch.reminder'
    | 'advisories.imported'
    | 'policy.loaded'
    | 'policy.refused'
    | 'upstream.changed-bytes'
    | 'shared-reviews.imported'
    /** A malware report went out to a public index. */
    | 'report.sent'
    | 'token.created'
    | 'token.revoked'
    | 'user.created'
    | 'user.changed'
    | 'user.password-set'
    | 'login.accepted'
    | 'login.refused'
    /** Events that could neither be written nor kept: `detail.lost` says how many. */
    | 'audit.gap'
    | 'server.started'
    | 'server.stopped';
  /** Who: `gate` for the gate itself, else the name of an identity (core/identity/identity.ts). */
  readonly actor: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

/** One link of the chain: `hash` covers `previousHash` and every other field (core/audit/chain.ts). */
export type AuditEvent = AuditEventInput & {
  /** 1, 2, 3 … without gaps. */
  readonly seq: number;
  readonly previousHash: string;
  readonly hash: string;
};
