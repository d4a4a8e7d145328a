import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { aZip } from '../builders/a-zip.ts';

type OsvRecord = Readonly<Record<string, unknown>> & { readonly id: string; readonly modified: string };

/** A server like OSV's bucket: `all.zip`, `modified_id.csv` and a JSON per record, with ETags. */
export async function startOsvServer() {
  const records = new Map<string, OsvRecord>();
  /** Answers of single files instead of their own: a status, or bytes. */
  const faults = new Map<string, number | Buffer>();
  const asked: string[] = [];
  let version = 0;

  function fileOf(name: string): Buffer | undefined {
    const all = [...records.values()];
    if (name === 'all.zip') {
      return Buffer.from(aZip(all.map((one) => ({ name: `${one.id}.json`, data: JSON.stringify(one) }))));
    }
    if (name === 'modified_id.csv') {
      const newestFirst = all.sort((a, b) => (a.modified < b.modified ? 1 : -1));
      return Buffer.from(newestFirst.map(({ id, modified }) => `${modified},${id}\n`).join(''));
    }
    const record = records.get(name.replace(/\.json$/, ''));
    return record && Buffer.from(JSON.stringify(record));
  }

  const server = createServer(({ url, headers }, response) => {
    const name = decodeURIComponent(new URL(url ?? '/', 'http://feed').pathname.replace('/PyPI/', ''));
    asked.push(name);
    const fault = faults.get(name);
    const body = fault instanceof Buffer ? fault : fileOf(name);
    const etag = `"${version}"`;
    if (typeof fault === 'number' || body === undefined) response.writeHead(Number(fault ?? 404)).end();
    else if (headers['if-none-match'] === etag) response.writeHead(304).end();
    else response.writeHead(200, { etag }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/PyPI/all.zip`,
    faults,
    put(...changed: readonly OsvRecord[]) {
      version++;
      for (const record of changed) records.set(record.id, record);
    },
    remove(id: string) {
      version++;
      records.delete(id);
    },
    /** The files that were asked for since the last call, sorted. */
    takeAsked: () => asked.splice(0).sort(),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
