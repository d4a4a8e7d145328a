/** What somebody is trusted with. One identity may have several. */
export const ROLES = ['requester', 'reviewer', 'security', 'admin', 'incident', 'auditor', 'machine'] as const;
export type Role = (typeof ROLES)[number];

/** Who asks. Made by what checked the evidence: a session, a token, a CI token, the shell of the gate's machine. */
export type Identity = {
  /** `local`: a person at the data folder. `anonymous`: nobody said who they are, and the configuration lets them read. */
  readonly kind: 'user' | 'token' | 'ci' | 'local' | 'anonymous';
  /**
   * Stable, and the actor in the audit log: `user:ana`, `token:ci-web`, `ci:github:org/repo`, `cli:root`,
   * `anonymous:192.0.2.7`.
   */
  readonly name: string;
  readonly roles: readonly Role[];
  /** The user whose token this is, `user:ana`: who requests with a token does not approve with a password. */
  readonly owner?: string;
  /** The project of the team that installs. */
  readonly consumer?: string;
  /** Address of the CI run that asks. */
  readonly run?: string;
  /** The indexes that this identity reaches; absent: all. */
  readonly indexes?: readonly string[];
  /** When what it showed no longer holds: a token, a login. */
  readonly expiresAt?: Date;
};

/** What somebody may be allowed to do, thing by thing. */
export const PERMISSIONS = [
  /** Pages and files of an index. */
  'read-index',
  /** What the gate thinks of releases, and why. */
  'read-releases',
  /** Reviews, their comments, exemptions, revocations. */
  'read-reviews',
  /** Which consumer has which file, on which machine. */
  'read-consumers',
  'read-identities',
  'read-audit',
  'request',
  'comment',
  /** Hand in requirements, locks and SBOMs, to be checked and kept for their consumer. */
  'submit-locks',
  'assign',
  /** Approve what one person may. */
  'approve-one',
  /** Be one of the two who approve. */
  'approve-two-person',
  /** Be one of the two who let in what a rule blocks. */
  'override-block',
  'reject',
  'exempt',
  'break-glass',
  'revoke',
  /** Raise it, and be one of the two who lower it. */
  'kill-switch',
  /** Import, export and trust reviews of others. */
  'share-reviews',
  'edit-policy',
  'manage-identities',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const READ = ['read-index', 'read-releases'] as const satisfies readonly Permission[];
const TAKE_PART = [...READ, 'read-reviews', 'request', 'comment'] as const satisfies readonly Permission[];
const REVIEW = [
  ...TAKE_PART,
  'assign',
  'approve-one',
  'approve-two-person',
  'reject',
] as const satisfies readonly Permission[];
const RESPOND = [
  'read-consumers',
  'read-audit',
  'reject',
  'break-glass',
  'revoke',
  'kill-switch',
] as const satisfies readonly Permission[];

/**
 * What each role may do. An admin decides who may, not what comes in; whoever does both has both roles, and the log shows
 * who gave them.
 */
const OF_ROLE: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  requester: new Set([...TAKE_PART, 'submit-locks']),
  reviewer: new Set([...REVIEW, 'submit-locks']),
  security: new Set([...REVIEW, ...RESPOND, 'submit-locks', 'override-block', 'exempt', 'share-reviews']),
  admin: new Set([...TAKE_PART, 'assign', 'read-identities', 'read-audit', 'edit-policy', 'manage-identities']),
  incident: new Set([...TAKE_PART, ...RESPOND]),
  auditor: new Set([...READ, 'read-reviews', 'read-consumers', 'read-identities', 'read-audit']),
  machine: new Set([...READ, 'request', 'submit-locks']),
};

/** What people without an account may do, where the configuration lets them in at all. */
const ANONYMOUS: ReadonlySet<Permission> = new Set(READ);

/** All that a program may do, whatever other roles it was given: a decision takes a person. */
const OF_MACHINES = OF_ROLE.machine;

/** These concern the gate as a whole: an identity that reaches some indexes only has none of them. */
const GATE_WIDE: ReadonlySet<Permission> = new Set([
  'read-identities',
  'read-audit',
  'kill-switch',
  'share-reviews',
  'edit-policy',
  'manage-identities',
]);

/**
 * Whether `identity` may do this to `index`; without an index, to the gate as a whole, which an identity that reaches some
 * indexes only may not. For a list that is filtered index by index ask `canSomewhere` first.
 */
export function can(identity: Identity, permission: Permission, index?: string): boolean {
  return canSomewhere(identity, permission) && reaches(identity, index);
}

/** Whether there may be an index where `identity` may do this. */
export function canSomewhere({ kind, roles, indexes }: Identity, permission: Permission): boolean {
  if (indexes !== undefined && (indexes.length === 0 || GATE_WIDE.has(permission))) return false;
  if (kind === 'anonymous') return ANONYMOUS.has(permission);
  if ((kind === 'ci' || roles.includes('machine')) && !OF_MACHINES.has(permission)) return false;
  return roles.some((role) => OF_ROLE[role].has(permission));
}

/** All that `identity` may do, somewhere at least. */
export function permissionsOf(identity: Identity): readonly Permission[] {
  return PERMISSIONS.filter((permission) => canSomewhere(identity, permission));
}

function reaches({ indexes }: Identity, index: string | undefined): boolean {
  return indexes === undefined || (index !== undefined && indexes.includes(index));
}

/** Who answers for what this identity does: the user behind a token, else itself. Two decisions by one of them count once. */
export function accountableFor({ name, owner }: Identity): string {
  return owner ?? name;
}

/** The person at the data folder, who could change the database by hand: nothing is kept from them. @param user of the system */
export function localIdentity(user: string): Identity {
  return { kind: 'local', name: `cli:${user}`, roles: ROLES.filter((role) => role !== 'machine') };
}

/**
 * Somebody who did not say who they are.
 * @param address where the request came from
 * @param access what the configuration lets such people do
 */
export function anonymousIdentity(address: string, access: 'read' | 'none'): Identity {
  return { kind: 'anonymous', name: `anonymous:${address}`, roles: [], ...(access === 'none' && { indexes: [] }) };
}

/** The roles that may do this, for a message. */
export function rolesWith(permission: Permission): readonly Role[] {
  return ROLES.filter((role) => OF_ROLE[role].has(permission));
}
