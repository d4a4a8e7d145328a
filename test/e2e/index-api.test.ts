import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { aWheel, aWheelName } from '../builders/a-wheel.ts';
import { type FakeIndex, startFakeIndex } from '../fakes/fake-index.ts';
import { type StartedGate, startGate } from './start-gate.ts';

const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';
const OLD = new Date('2025-01-01T00:00:00Z');

let pypi: FakeIndex;
let own: FakeIndex;
let gate: StartedGate;
const wheel = aWheel({ project: 'alpha', version: '1.0' });
let path: string;

before(async () => {
  pypi = await startFakeIndex();
  own = await startFakeIndex({ mode: 'html' });
  path = pypi
    .addFile('alpha', aWheelName({ project: 'alpha', version: '1.0' }), wheel, {
      uploadTime: OLD,
      requiresPython: '>=3.8',
      provenance: { version: 1, attestation_bundles: [] },
    })
    .path.slice(1);
  pypi.addFile('acme-tool', 'acme_tool-9.9-py3-none-any.whl', aWheel({ project: 'acme-tool', version: '9.9' }), {
    uploadTime: OLD,
  });
  pypi.addFile('acme-other', 'acme_other-9.9-py3-none-any.whl', aWheel({ project: 'acme-other', version: '9.9' }), {
    uploadTime: OLD,
  });
  own.addFile('acme-tool', 'acme_tool-1.0-py3-none-any.whl', aWheel({ project: 'acme-tool', version: '1.0' }), {
    lastModified: OLD,
  });
  const folder = await mkdtemp(join(tmpdir(), 'wheelgate-config-'));
  const config = join(folder, 'wheelgate.toml');
  await writeFile(join(folder, 'strict.toml'), 'preset = "strict"\n');
  await writeFile(join(folder, 'policy.toml'), '[rules.reserved-names]\nnames = ["acme-*"]\n');
  await writeFile(
    config,
    `policy = "${folder}/policy.toml"
[[upstreams]]
url = "${own.simpleUrl}"
private = true
[[upstreams]]
url = "${pypi.simpleUrl}"
[indexes.prod]
upstreams = ["${pypi.simpleUrl}"]
policy = "${folder}/strict.toml"
`,
  );
  gate = await startGate({ upstream: '', env: { WHEELGATE_CONFIG: config } });
});
after(async () => {
  await gate?.stop();
  await Promise.all([pypi?.stop(), own?.stop()]);
});

const get = (target: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${gate.url}${target}`, { headers, method, redirect: 'manual' });

test('a page is served in the representation that was asked for', async () => {
  for (const [accept, type] of [
    [JSON_TYPE, JSON_TYPE],
    [`${JSON_TYPE}, */*;q=0.1`, JSON_TYPE],
    ['text/html', 'text/html; charset=utf-8'],
    ['application/vnd.pypi.simple.latest+json', JSON_TYPE],
  ] as const) {
    const response = await get('/simple/alpha/', { accept });
    assert.equal(response.status, 200, accept);
    assert.equal(response.headers.get('content-type'), type, accept);
    assert.equal(response.headers.get('cache-control'), 'no-cache');
    assert.match(response.headers.get('vary')!, /Accept/);
  }
  assert.equal((await get('/simple/alpha/', { accept: 'image/png' })).status, 406);
  assert.equal(
    (await get('/simple/alpha/?format=application/vnd.pypi.simple.v1%2Bjson', { accept: 'text/html' })).headers.get(
      'content-type',
    ),
    JSON_TYPE,
  );
});

test('names are redirected to their normalised page', async () => {
  assert.equal((await get('/simple/alpha')).headers.get('location'), '/simple/alpha/');
  const response = await get('/simple/Al-_pha/');
  assert.deepEqual([response.status, response.headers.get('location')], [301, '/simple/al-pha/']);
});

test('an unchanged page is not sent again, in either encoding', async () => {
  const first = await get('/simple/alpha/', { accept: JSON_TYPE });
  const etag = first.headers.get('etag')!;
  assert.match(etag, /^"[^"]+"$/);
  const again = await get('/simple/alpha/', { accept: JSON_TYPE, 'if-none-match': etag });
  assert.equal(again.status, 304);
});

test('a page lists the file with everything that is known of it', async () => {
  const page = (await (await get('/simple/alpha/', { accept: JSON_TYPE })).json()) as {
    meta: object;
    versions: string[];
    files: Record<string, unknown>[];
  };
  assert.deepEqual(page.meta, { 'api-version': '1.4' });
  assert.deepEqual(page.versions, ['1.0']);
  const [file] = page.files;
  assert.equal(file!.url, `../../${path}`);
  assert.deepEqual(file!.hashes, { sha256: createHash('sha256').update(wheel).digest('hex') });
  assert.equal(file!.size, wheel.length);
  assert.equal(file!['upload-time'], '2025-01-01T00:00:00.000000Z');
  assert.equal(file!['requires-python'], '>=3.8');
  assert.equal(file!.provenance, `${gate.url}/integrity/alpha/1.0/alpha-1.0-py3-none-any.whl/provenance`);
});

test('a file comes whole, in ranges, as its head, and not again', async () => {
  const whole = await get(`/${path}`);
  assert.deepEqual(Buffer.from(await whole.arrayBuffer()), Buffer.from(wheel));
  assert.match(whole.headers.get('cache-control')!, /immutable/);
  const etag = whole.headers.get('etag')!;
  const part = await get(`/${path}`, { range: 'bytes=2-5' });
  assert.deepEqual([part.status, part.headers.get('content-range')], [206, `bytes 2-5/${wheel.length}`]);
  assert.deepEqual(Buffer.from(await part.arrayBuffer()), Buffer.from(wheel.subarray(2, 6)));
  const tail = await get(`/${path}`, { range: 'bytes=-3', 'if-range': etag });
  assert.deepEqual(Buffer.from(await tail.arrayBuffer()), Buffer.from(wheel.subarray(-3)));
  assert.equal((await get(`/${path}`, { range: 'bytes=2-5', 'if-range': '"other"' })).status, 200);
  const beyond = await get(`/${path}`, { range: `bytes=${wheel.length}-` });
  assert.deepEqual([beyond.status, beyond.headers.get('content-range')], [416, `bytes */${wheel.length}`]);
  const head = await get(`/${path}`, {}, 'HEAD');
  assert.deepEqual(
    [head.status, head.headers.get('content-length'), head.headers.get('accept-ranges')],
    [200, String(wheel.length), 'bytes'],
  );
  assert.equal((await get(`/${path}`, { 'if-none-match': etag })).status, 304);
});

test('metadata is that of the wheel, byte for byte, and the page then gives its digest', async () => {
  const metadata = Buffer.from(await (await get(`/${path}.metadata`)).arrayBuffer());
  assert.match(metadata.toString(), /^Metadata-Version: .*\nName: alpha\nVersion: 1\.0\n/);
  const page = (await (await get('/simple/alpha/', { accept: JSON_TYPE })).json()) as {
    files: Record<string, unknown>[];
  };
  assert.deepEqual(page.files[0]!['core-metadata'], { sha256: createHash('sha256').update(metadata).digest('hex') });
});

test('provenance is passed through behind the same verdict', async () => {
  const response = await get('/integrity/alpha/1.0/alpha-1.0-py3-none-any.whl/provenance');
  assert.equal(response.headers.get('content-type'), 'application/vnd.pypi.integrity.v1+json');
  assert.deepEqual(await response.json(), { version: 1, attestation_bundles: [] });
  assert.equal((await get('/prod/integrity/alpha/1.0/alpha-1.0-py3-none-any.whl/provenance')).status, 403);
});

test('the legacy JSON API shows our files only, where pip-tools looks too', async () => {
  for (const target of ['/pypi/alpha/json', '/simple/pypi/alpha/json', '/pypi/alpha/1.0/json']) {
    const document = (await (await get(target)).json()) as {
      info: { version: string };
      urls: { url: string; digests: { sha256: string } }[];
    };
    assert.equal(document.info.version, '1.0');
    assert.equal(document.urls[0]!.url, `${gate.url}/${path}`);
  }
  assert.equal((await get('/pypi/alpha/2.0/json')).status, 404);
});

test('a private name comes from the private upstream and a reserved one never from a public one', async () => {
  const tool = await (await get('/simple/acme-tool/')).text();
  assert.match(tool, /acme_tool-1\.0-/);
  assert.doesNotMatch(tool, /9\.9/);
  const other = await get('/simple/acme-other/', { accept: JSON_TYPE });
  assert.equal(other.status, 200);
  const page = (await other.json()) as { files: unknown[]; 'project-status': { status: string; reason: string } };
  assert.deepEqual(page.files, []);
  assert.equal(page['project-status'].status, 'quarantined');
  assert.match(page['project-status'].reason, /reserved/);
  assert.ok(
    !pypi.requestLines().some((line) => line.includes('acme-other') || line.includes('acme-tool')),
    'the public upstream was asked for a reserved name',
  );
});

test('each index has its own upstreams and policy', async () => {
  // `strict` wants a person for a project that is new: what the default index serves is held here.
  const refused = await get(`/prod/${path}`);
  assert.equal(refused.status, 403);
  assert.match(refused.statusText, /held by Wheelgate: .*\/prod\/r\/alpha\/1\.0$/);
  const problem = (await refused.json()) as { title: string; detail: string; instance: string };
  assert.equal(refused.headers.get('content-type'), 'application/problem+json');
  assert.equal(problem.title, 'alpha 1.0 is held by Wheelgate');
  assert.equal(problem.instance, `${gate.url}/prod/r/alpha/1.0`);
  assert.equal((await get('/prod/simple/acme-tool/')).status, 200);
});

test('the list of projects is the union of the upstreams, without what is reserved', async () => {
  const list = (await (await get('/simple/', { accept: JSON_TYPE })).json()) as { projects: { name: string }[] };
  assert.deepEqual(
    list.projects.map(({ name }) => name),
    ['acme-tool', 'alpha'],
  );
});

test('the page behind the link explains, and escapes what it shows', async () => {
  const response = await get('/prod/r/alpha/1.0');
  const text = await response.text();
  assert.match(text, /npx wheelgate approve .*pkg:pypi\/alpha@1\.0.* --index prod/s);
  assert.match(response.headers.get('content-security-policy')!, /default-src 'none'/);
  assert.doesNotMatch(await (await get('/r/alpha/%3Cscript%3E')).text(), /<script>/);
});

test('a path that no page lists is not found', async () => {
  for (const target of [
    '/packages/aa/bb/x.whl',
    `/packages/00/00/${'0'.repeat(60)}/alpha-1.0-py3-none-any.whl`,
    '/nowhere',
  ]) {
    const response = await get(target);
    assert.equal(response.status, 404, target);
    assert.equal(response.headers.get('content-type'), 'application/problem+json');
  }
});

test('a path is never left by dots, encoded or not', async () => {
  for (const target of [
    '/packages/../../etc/passwd',
    '/packages/%2e%2e/%2e%2e/etc/passwd',
    '/packages/..%2f..%2fetc%2fpasswd',
  ]) {
    const status = await new Promise<number>((resolve, reject) => {
      request(`${gate.url}${target}`, { path: target }, (response) => resolve(response.resume().statusCode ?? 0))
        .once('error', reject)
        .end();
    });
    assert.ok([400, 404].includes(status), `${target} gave ${status}`);
  }
});
