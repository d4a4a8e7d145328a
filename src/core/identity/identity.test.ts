import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  accountableFor,
  anonymousIdentity,
  can,
  canSomewhere,
  type Identity,
  localIdentity,
  type Permission,
  ROLES,
  type Role,
  rolesWith,
} from './identity.ts';

const aUser = (roles: readonly Role[], over: Partial<Identity> = {}): Identity => ({
  kind: 'user',
  name: 'user:ana',
  roles,
  ...over,
});

/** Permission, and the roles that have it: the whole table, read by column. */
const HOLDERS: Readonly<Record<Permission, readonly Role[]>> = {
  'read-index': ROLES,
  'read-releases': ROLES,
  'read-reviews': ['requester', 'reviewer', 'security', 'admin', 'incident', 'auditor'],
  'read-consumers': ['security', 'incident', 'auditor'],
  'read-identities': ['admin', 'auditor'],
  'read-audit': ['security', 'admin', 'incident', 'auditor'],
  request: ['requester', 'reviewer', 'security', 'admin', 'incident', 'machine'],
  comment: ['requester', 'reviewer', 'security', 'admin', 'incident'],
  'submit-locks': ['requester', 'reviewer', 'security', 'machine'],
  assign: ['reviewer', 'security', 'admin'],
  'approve-one': ['reviewer', 'security'],
  'approve-two-person': ['reviewer', 'security'],
  'override-block': ['security'],
  reject: ['reviewer', 'security', 'incident'],
  exempt: ['security'],
  'break-glass': ['security', 'incident'],
  revoke: ['security', 'incident'],
  'kill-switch': ['security', 'incident'],
  'share-reviews': ['security'],
  'edit-policy': ['admin'],
  'manage-identities': ['admin'],
};
const PERMISSIONS = Object.keys(HOLDERS) as Permission[];
const DECISIONS = PERMISSIONS.filter((one) => !HOLDERS[one].includes('machine'));

for (const permission of PERMISSIONS) {
  test(`${permission} belongs to its roles and to no other`, () => {
    assert.deepEqual(
      ROLES.filter((role) => can(aUser([role]), permission)),
      HOLDERS[permission],
    );
    assert.deepEqual(rolesWith(permission), HOLDERS[permission]);
  });
}

for (const [why, identity, permission, index, expected] of [
  ['no role, nothing', aUser([]), 'read-index', 'default', false],
  ['within the scope', aUser(['reviewer'], { indexes: ['ml'] }), 'approve-one', 'ml', true],
  ['outside the scope', aUser(['reviewer'], { indexes: ['ml'] }), 'approve-one', 'default', false],
  ['the whole gate is outside every scope', aUser(['reviewer'], { indexes: ['ml'] }), 'approve-one', undefined, false],
  ['an empty scope is none', aUser(['reviewer'], { indexes: [] }), 'approve-one', 'ml', false],
  ['gate-wide and scoped', aUser(['admin'], { indexes: ['ml'] }), 'manage-identities', 'ml', false],
  ['reads without an account', anonymousIdentity('192.0.2.7', 'read'), 'read-index', 'default', true],
  ['requests nothing without an account', anonymousIdentity('192.0.2.7', 'read'), 'request', 'default', false],
  ['reads nothing where it is not let in', anonymousIdentity('x', 'none'), 'read-index', 'default', false],
  [
    'roles do not help who is anonymous',
    { ...anonymousIdentity('x', 'read'), roles: ROLES },
    'revoke',
    'default',
    false,
  ],
  ['CI decides nothing, whatever its claims gave', aUser(['reviewer'], { kind: 'ci' }), 'approve-one', 'ml', false],
] as const) {
  test(`can: ${why}`, () => assert.equal(can(identity, permission, index), expected));
}

test('a scoped identity may somewhere what it may not everywhere', () => {
  const scoped = aUser(['reviewer'], { indexes: ['ml'] });
  assert.equal(canSomewhere(scoped, 'read-reviews'), true);
  assert.equal(canSomewhere(scoped, 'read-audit'), false);
  assert.equal(canSomewhere({ ...scoped, indexes: [] }, 'read-reviews'), false);
});

test('who has the machine role decides nothing, whatever other roles come with it', () => {
  fc.assert(
    fc.property(fc.subarray([...ROLES]), fc.constantFrom(...DECISIONS), (roles, permission) => {
      assert.equal(can(aUser([...roles, 'machine']), permission, 'default'), false);
    }),
  );
});

test('a scope never adds a permission, and a role never takes one except machine', () => {
  const people = ROLES.filter((role) => role !== 'machine');
  fc.assert(
    fc.property(
      fc.subarray(people),
      fc.constantFrom(...people),
      fc.constantFrom(...PERMISSIONS),
      (roles, more, permission) => {
        const plain = aUser(roles);
        if (can({ ...plain, indexes: ['ml'] }, permission, 'ml')) assert.ok(can(plain, permission, 'ml'));
        if (can(plain, permission, 'ml')) assert.ok(can(aUser([...roles, more]), permission, 'ml'));
      },
    ),
  );
});

test('the person at the data folder may do everything', () => {
  for (const permission of PERMISSIONS) assert.ok(can(localIdentity('root'), permission), permission);
  assert.equal(localIdentity('root').name, 'cli:root');
});

test('a token of a user is that user, where people are counted', () => {
  assert.equal(accountableFor(aUser(['reviewer'], { kind: 'token', name: 'token:x', owner: 'user:ana' })), 'user:ana');
  assert.equal(accountableFor(aUser(['reviewer'])), 'user:ana');
});
