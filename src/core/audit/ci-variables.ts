/** What a machine was, as far as a request told: the kind of CI that a job ran in, some CI, or a person's machine. */
export type MachineKind = 'github' | 'gitlab' | 'some-ci' | 'machine';

/**
 * Environment variables with credentials that code on such a machine could read, if they were set: what to look at, and
 * rotate, when a malicious file was installed there. Names by the documentation of the CI systems and of the tools that
 * publish and deploy from them; values are never seen here.
 */
export const VARIABLES_AT_RISK: Readonly<Record<MachineKind, readonly string[]>> = {
  github: [
    'GITHUB_TOKEN',
    'GH_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_URL',
    'ACTIONS_RUNTIME_TOKEN',
    'ACTIONS_CACHE_URL',
  ],
  gitlab: [
    'CI_JOB_TOKEN',
    'CI_REGISTRY_PASSWORD',
    'CI_DEPLOY_PASSWORD',
    'CI_DEPENDENCY_PROXY_PASSWORD',
    'CI_REPOSITORY_URL',
    'CI_JOB_JWT_V2',
  ],
  'some-ci': [
    'CI_JOB_TOKEN',
    'GITHUB_TOKEN',
    'SYSTEM_ACCESSTOKEN',
    'CIRCLE_OIDC_TOKEN',
    'BUILDKITE_AGENT_ACCESS_TOKEN',
  ],
  machine: ['SSH_AUTH_SOCK', 'KUBECONFIG', 'DOCKER_CONFIG', 'NETRC', 'GNUPGHOME'],
};

/** Set by hand in any of them. */
export const VARIABLES_ANYWHERE: readonly string[] = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AZURE_CLIENT_SECRET',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'TWINE_PASSWORD',
  'UV_PUBLISH_TOKEN',
  'PIP_INDEX_URL',
  'UV_INDEX_URL',
  'NPM_TOKEN',
  'DATABASE_URL',
  'WHEELGATE_TOKEN',
];
