import type { Identity, Role } from './identity.ts';

/** Whose tokens of CI jobs are taken, and what they may do. */
export type CiTrust = {
  readonly provider: 'github' | 'gitlab';
  readonly issuer: string;
  /** What the job asked the token for. */
  readonly audience: string;
  /** Claims that a token must have; never empty, for the whole world has tokens of these issuers. */
  readonly claims: Readonly<Record<string, string | readonly string[]>>;
  readonly roles: readonly Role[];
  readonly indexes?: readonly string[];
  /** Absent: the repository is the consumer. */
  readonly consumer?: string;
};

/** Claims of a token whose signature, issuer, audience and time are right. `exp`: seconds since 1970, always there (RFC 7519, 4.1.4). */
export type CiClaims = Readonly<Record<string, unknown>> & { readonly exp: number };

/**
 * Who a CI job is; undefined when this trust does not cover it.
 * Claims: https://docs.github.com/actions/reference/openid-connect-reference, https://docs.gitlab.com/ci/secrets/id_token_authentication/
 */
export function identityOfCiClaims(trust: CiTrust, claims: CiClaims): Identity | undefined {
  const asked = Object.entries(trust.claims);
  if (asked.length === 0 || !asked.every(([name, wanted]) => [wanted].flat().includes(String(claims[name] ?? ''))))
    return undefined;
  const repository = text(trust.provider === 'github' ? claims.repository : claims.project_path);
  if (repository === undefined) return undefined;
  const run = runOf(trust, repository, claims);
  return {
    kind: 'ci',
    name: `ci:${trust.provider}:${repository}`,
    roles: trust.roles,
    consumer: trust.consumer ?? repository,
    expiresAt: new Date(claims.exp * 1000),
    ...(trust.indexes && { indexes: trust.indexes }),
    ...(run !== undefined && { run }),
  };
}

function runOf({ provider, issuer }: CiTrust, repository: string, claims: CiClaims): string | undefined {
  if (provider === 'gitlab') {
    const job = text(claims.job_id);
    return job === undefined ? undefined : `${issuer.replace(/\/$/, '')}/${repository}/-/jobs/${job}`;
  }
  const id = text(claims.run_id);
  const { hostname } = new URL(issuer);
  const host = hostname === 'token.actions.githubusercontent.com' ? 'github.com' : hostname;
  return id === undefined ? undefined : `https://${host}/${repository}/actions/runs/${id}`;
}

/** Ids and paths of a repository; nothing that could forge a line of a log. */
function text(claim: unknown): string | undefined {
  return typeof claim === 'string' && /^[\w./-]{1,200}$/.test(claim) ? claim : undefined;
}
