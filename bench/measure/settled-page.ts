import { setTimeout as wait } from 'node:timers/promises';
import { PIP_HEADERS } from './pip-headers.ts';

const HEADERS = { ...PIP_HEADERS, 'accept-encoding': 'identity' };

/**
 * Asks for a page until it stays as it is: a gate that sees it for the first time inspects the likeliest file behind the
 * answer, and the page then says more.
 */
export async function settledPage(url: string): Promise<{ readonly body: Buffer; readonly headers: Headers }> {
  let last = Buffer.alloc(0);
  for (let asked = 0; asked < 20; asked++) {
    const response = await fetch(url, { headers: HEADERS });
    const body = Buffer.from(await response.arrayBuffer());
    if (!response.ok) throw new Error(`${url} answers ${response.status}`);
    if (body.equals(last)) return { body, headers: response.headers };
    last = body;
    await wait(1_000);
  }
  throw new Error(`${url} changes with every request`);
}
