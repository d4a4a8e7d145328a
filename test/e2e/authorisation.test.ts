import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pino } from 'pino';
import type { Endpoint } from '../../src/api/endpoint.ts';
import { ENDPOINTS, type EndpointName } from '../../src/api/endpoints.ts';
import { type RunningServer, startServer } from '../../src/app/serve.ts';
import { parseConfig } from '../../src/config.ts';
import { localIdentity, ROLES } from '../../src/core/identity/identity.ts';
import { createTokens } from '../../src/gate/identity/tokens.ts';
import { createServer, type ServerNeeds } from '../../src/server/http.ts';

// Every route with every role, over HTTP. Who may do what is written down here a second time, apart from the table that the
// program has: a route that is missing here fails, and so does one that lets in more or fewer than this says.

/** Who asks: nobody, a token that does not hold, one of each role, and a reviewer of another index. */
const ASKERS = ['nobody', 'stranger', ...ROLES, 'reviewer elsewhere'] as const;
type Asker = (typeof ASKERS)[number];

const EVERYBODY = ASKERS;
/** A token that does not hold is refused wherever anybody looks at it. */
const SIGNED_IN = ASKERS.filter((asker) => asker !== 'nobody' && asker !== 'stranger');
const READERS = SIGNED_IN.filter((asker) => asker !== 'reviewer elsewhere');

const REVIEW_READERS = SIGNED_IN.filter((asker) => asker !== 'machine');
const REVIEWERS: readonly Asker[] = ['reviewer', 'security', 'reviewer elsewhere'];
/** In the order of ASKERS. */
const these = (...askers: readonly Asker[]) => ASKERS.filter((asker) => askers.includes(asker));

type Row = { readonly may: readonly Asker[]; readonly path?: string; readonly body?: object };

/** Requests are such that nobody succeeds by chance, and whoever is let in gets anything but 401 and 403. */
const API: Readonly<Record<EndpointName, Row>> = {
  addExemption: {
    may: ['security'],
    body: { rule: 'cooldown', project: 'demo', owner: 'x', reason: 'x', remediation: 'x', expires: '999d' },
  },
  approve: { may: ['reviewer', 'security'], body: { subject: 'demo==1.0', reason: 'x' } },
  approveReview: { may: REVIEWERS, path: '/reviews/none/approvals', body: { reason: 'x' } },
  assignReview: {
    may: these(...REVIEWERS, 'admin'),
    path: '/reviews/none/assignees',
    body: { assignees: [] },
  },
  breakGlass: { may: ['security', 'incident'], body: { sha256: 'a'.repeat(64), reason: 'x' } },
  changeUser: { may: ['admin'], path: '/users/nobody', body: { disabled: true } },
  commentReview: {
    may: ASKERS.filter((asker) => !['nobody', 'stranger', 'auditor', 'machine'].includes(asker)),
    path: '/reviews/none/comments',
    body: { text: 'x' },
  },
  createToken: { may: ['admin'], body: { name: 'made', roles: ['machine'], indexes: ['nowhere'] } },
  createUser: { may: ['admin'], body: { name: 'made', roles: [], indexes: ['nowhere'] } },
  deny: { may: ['reviewer', 'security', 'incident'], body: { subject: 'a'.repeat(64), reason: 'x' } },
  endExemption: { may: ['security', 'incident'], path: '/exemptions/none' },
  judgeReleases: { may: READERS, body: { releases: [] } },
  listAuditEvents: { may: ['security', 'admin', 'incident', 'auditor'] },
  listExemptions: { may: REVIEW_READERS },
  listReviews: { may: REVIEW_READERS },
  listTokens: { may: SIGNED_IN },
  listUsers: { may: ['admin', 'auditor'] },
  logIn: { may: EVERYBODY, body: {} },
  logOut: { may: SIGNED_IN },
  moveKillSwitch: { may: ['security', 'incident'], path: '/kill-switch', body: { level: 3, reason: 'x' } },
  readKillSwitch: { may: REVIEW_READERS },
  readFigures: { may: ['requester', 'reviewer', 'security', 'admin', 'incident', 'auditor'] },
  readOpenApi: { may: EVERYBODY },
  readProject: { may: READERS, path: '/releases/demo' },
  readRelease: { may: READERS, path: '/releases/demo/1.0' },
  readReview: { may: REVIEW_READERS, path: '/reviews/none' },
  readSession: { may: SIGNED_IN },
  readUser: { may: ['admin', 'auditor'], path: '/users/nobody' },
  readVex: { may: READERS.filter((asker) => asker !== 'machine'), path: '/vex' },
  rejectReview: {
    may: these(...REVIEWERS, 'incident'),
    path: '/reviews/none/rejections',
    body: { reason: 'x' },
  },
  reopenReview: {
    may: these(...REVIEWERS, 'incident'),
    path: '/reviews/none/reopenings',
    body: { reason: 'x' },
  },
  requestReview: {
    may: READERS.filter((asker) => asker !== 'auditor'),
    body: { project: 'demo', version: '1.0', reason: 'x' },
  },
  revoke: { may: ['security', 'incident'], body: { subject: 'a'.repeat(64), reason: 'x' } },
  // To whoever may not revoke it a token is not there.
  revokeToken: { may: SIGNED_IN, path: '/tokens/nobody' },
  setPassword: { may: ['admin'], path: '/users/nobody/password', body: { password: 'correct horse' } },
  whoHas: { may: ['security', 'incident', 'auditor'], path: '/who-has?subject=demo' },
};

/** Routes of the default index, each with a request; where anybody may read, everybody gets an answer. */
const INDEX: Readonly<Record<string, string>> = {
  '/simple': '/simple',
  '/simple/': '/simple/',
  '/simple/:project': '/simple/demo',
  '/simple/:project/': '/simple/demo/',
  // Both are `/packages/*`, which the router prints like this.
  '/*': '/packages/aa/bb/demo-1.0-py3-none-any.whl',
  '/*.metadata': '/packages/aa/bb/demo-1.0-py3-none-any.whl.metadata',
  '/integrity/:project/:version/:filename/provenance': '/integrity/demo/1.0/demo-1.0-py3-none-any.whl/provenance',
  '/:project/json': '/demo/json',
  '/pypi/:project/json': '/pypi/demo/json',
  '/pypi/:project/:version/json': '/pypi/demo/1.0/json',
  '/simple/pypi/:project/json': '/simple/pypi/demo/json',
  '/simple/pypi/:project/:version/json': '/simple/pypi/demo/1.0/json',
  '/r/:project': '/r/demo',
  '/r/:project/:version': '/r/demo/1.0',
  '/v1/vulns/:id': '/v1/vulns/PYSEC-2000-1',
};
/** The same with a body. */
const OSV = ['/v1/query', '/v1/querybatch'];
const OPEN_TO_ALL = ['/healthz', '/readyz', '/metrics', '/'];
/** They make somebody out of nobody: test/e2e/provider-login.test.ts. */
const LOGIN = ['/login/oidc', '/login/oidc/callback'];

let folder: string;
let closed: RunningServer;
let open: RunningServer;
const tokens = new Map<Asker, string>();

async function start(name: string, anonymous: 'read' | 'none'): Promise<RunningServer> {
  const config = parseConfig({
    port: 0,
    data: join(folder, name),
    log_level: 'silent',
    upstreams: [{ url: join(folder, 'wheels') }],
    indexes: { other: {} },
    access: { anonymous },
  });
  return startServer(config, [{ location: join(folder, 'wheels'), why: 'test', isPrivate: false, fileHosts: [] }], '0');
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheelgate-access-'));
  await mkdir(join(folder, 'wheels'));
  [closed, open] = await Promise.all([start('closed', 'none'), start('open', 'read')]);
  const { store, clock } = closed.gate;
  const made = createTokens({ identities: store.identities, knowsIndex: () => true, clock });
  const make = async (asker: Asker, request: object) => {
    const name = asker.replace(' ', '-');
    const { secret } = await made.create(
      { name, roles: [], expiresInMs: 3_600_000, ...request },
      localIdentity('test'),
    );
    tokens.set(asker, secret);
  };
  for (const role of ROLES) await make(role, { roles: [role] });
  await make('reviewer elsewhere', { roles: ['reviewer'], indexes: ['other'] });
  tokens.set('stranger', `wg_${'x'.repeat(43)}`);
});
after(async () => {
  await Promise.all([closed?.stop(), open?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

async function statusOf(server: RunningServer, asker: Asker, path: string, method = 'GET', body?: object) {
  const token = tokens.get(asker);
  const response = await fetch(`${server.url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(token && { authorization: `Basic ${Buffer.from(`__token__:${token}`).toString('base64')}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  await response.arrayBuffer();
  return response;
}

const isLetIn = ({ status }: Response) => status !== 401 && status !== 403;

for (const [name, endpoint] of Object.entries(ENDPOINTS) as [EndpointName, Endpoint][]) {
  test(`${name}: exactly those may who should`, async () => {
    const row = API[name];
    assert.ok(row, `say here who may call ${name}`);
    const path = `/api/v1${row.path ?? endpoint.path}`;
    const letIn: Asker[] = [];
    for (const asker of ASKERS) {
      const answer = await statusOf(closed, asker, path, endpoint.method, row.body);
      assert.ok(answer.status < 500, `${asker}: ${answer.status}`);
      assert.doesNotMatch(path, /[{}]/, 'the row needs a path of its own');
      if (isLetIn(answer)) letIn.push(asker);
      else assert.equal(answer.status, asker === 'nobody' || asker === 'stranger' ? 401 : 403, asker);
    }
    assert.deepEqual(letIn, row.may);
  });
}

for (const path of Object.values(INDEX)) {
  test(`GET ${path}: a token where the index is closed, nothing where it is open`, async () => {
    const letIn: Asker[] = [];
    for (const asker of ASKERS) {
      const answer = await statusOf(closed, asker, path);
      if (isLetIn(answer)) letIn.push(asker);
      if (answer.status === 401) assert.match(answer.headers.get('www-authenticate') ?? '', /^Basic realm=/);
      assert.ok(isLetIn(await statusOf(open, asker, path)), `open to ${asker}`);
    }
    assert.deepEqual(letIn, READERS);
  });
}

test('HEAD and the other method of OSV ask the same question', async () => {
  const asked = [['/simple/demo/', 'HEAD', undefined], ...OSV.map((path) => [path, 'POST', {}] as const)] as const;
  for (const [path, method, body] of asked) {
    assert.equal((await statusOf(closed, 'nobody', path, method, body)).status, 401, path);
    assert.ok(isLetIn(await statusOf(closed, 'machine', path, method, body)), path);
  }
});

test('a token of another index reads that one', async () => {
  assert.ok(isLetIn(await statusOf(closed, 'reviewer elsewhere', '/other/simple/')));
  assert.equal((await statusOf(closed, 'nobody', '/other/simple/')).status, 401);
});

test('what a monitor asks for is open', async () => {
  for (const path of OPEN_TO_ALL) assert.equal((await statusOf(closed, 'nobody', path)).status, 200, path);
});

test('every route that the server has stands here', async () => {
  const stubs = { indexes: [{ name: 'default' }], simple: {}, osv: {}, api: {}, access: { isOpen: true }, login: {} };
  const app = createServer({ ...stubs, logger: pino({ level: 'silent' }) } as unknown as ServerNeeds);
  await app.ready();
  const routes = pathsIn(app.printRoutes({ commonPrefix: false })).filter((path) => !path.startsWith('/api/v1/'));
  const known = [...Object.keys(INDEX).filter((path) => path !== '/*.metadata'), ...OSV, ...OPEN_TO_ALL, ...LOGIN];
  assert.deepEqual(routes.sort(), known.sort());
});

/** The paths in the tree that the router prints. */
function pathsIn(tree: string): string[] {
  const branch: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', part, methods] = /^([│ ]*)[├└]── (\S+)( \(.*)?$/.exec(line) ?? [];
    if (part === undefined) return [];
    branch.splice(indent.length / 4, Number.POSITIVE_INFINITY, part);
    return methods === undefined ? [] : [branch.join('')];
  });
}
