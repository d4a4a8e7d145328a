import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CiTrust, identityOfCiClaims } from './ci-token.ts';

const GITHUB: CiTrust = {
  provider: 'github',
  issuer: 'https://token.actions.githubusercontent.com',
  audience: 'wheelgate',
  claims: { repository_owner: 'acme' },
  roles: ['machine'],
};
const GITLAB: CiTrust = {
  ...GITHUB,
  provider: 'gitlab',
  issuer: 'https://git.acme.example/',
  claims: { ref: ['main', 'next'] },
};
const exp = 1_800_000_000;
const expiresAt = new Date('2027-01-15T08:00:00.000Z');
const githubClaims = { exp, repository: 'acme/web', repository_owner: 'acme', run_id: '77' };
const gitlabClaims = { exp, project_path: 'acme/ml/train', ref: 'next', job_id: '5' };

test('a job at GitHub is its repository, with the address of its run', () => {
  assert.deepEqual(identityOfCiClaims(GITHUB, githubClaims), {
    kind: 'ci',
    name: 'ci:github:acme/web',
    roles: ['machine'],
    consumer: 'acme/web',
    expiresAt,
    run: 'https://github.com/acme/web/actions/runs/77',
  });
});

test('a job at GitLab is its project, with the address of the job', () => {
  const trust = { ...GITLAB, consumer: 'training', indexes: ['ml'] };
  assert.deepEqual(identityOfCiClaims(trust, gitlabClaims), {
    kind: 'ci',
    name: 'ci:gitlab:acme/ml/train',
    roles: ['machine'],
    consumer: 'training',
    expiresAt,
    indexes: ['ml'],
    run: 'https://git.acme.example/acme/ml/train/-/jobs/5',
  });
});

test('a run at an own GitHub has its address there', () => {
  const trust = { ...GITHUB, issuer: 'https://github.acme.example/_services/token' };
  assert.equal(identityOfCiClaims(trust, githubClaims)?.run, 'https://github.acme.example/acme/web/actions/runs/77');
});

for (const [why, trust, claims] of [
  ['another owner', GITHUB, { ...githubClaims, repository_owner: 'evil' }],
  ['a claim is missing', GITHUB, { exp, repository: 'acme/web' }],
  ['one of two claims differs', { ...GITHUB, claims: { repository_owner: 'acme', ref: 'main' } }, githubClaims],
  ['none of the values', GITLAB, { ...gitlabClaims, ref: 'feature' }],
  ['no claim is asked for', { ...GITHUB, claims: {} }, githubClaims],
  ['no repository', GITHUB, { exp, repository_owner: 'acme' }],
  ['a repository that forges a line', GITHUB, { ...githubClaims, repository: 'acme/web\nx' }],
  ['a claim of the other provider', { ...GITHUB, provider: 'gitlab' as const }, githubClaims],
  ['the name of an object that every object has', { ...GITHUB, claims: { toString: '' } }, githubClaims],
] as const) {
  test(`is nobody: ${why}`, () => assert.equal(identityOfCiClaims(trust, claims), undefined));
}
