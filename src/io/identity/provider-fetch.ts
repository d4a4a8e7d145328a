import { EnvHttpProxyAgent, fetch } from 'undici';

export type ProviderProxy = { readonly http?: string; readonly https?: string; readonly none?: string };

/** As `jose` and `openid-client` call it. */
export type ProviderFetch = (url: string, options?: object) => Promise<Response>;

/** Keys and discovery documents are small and wait for no one. */
const TIMEOUT_MS = 10_000;
const MAX_BYTES = 2 ** 20;

/** `fetch` towards an identity provider: through the proxy, bounded in time and size. */
export function createProviderFetch(proxy: ProviderProxy | undefined): ProviderFetch {
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: proxy?.http ?? '',
    httpsProxy: proxy?.https ?? '',
    noProxy: proxy?.none ?? '',
    maxResponseSize: MAX_BYTES,
    connect: { timeout: TIMEOUT_MS },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
  // The types of undici's Response and of Node's copy of it differ in what nobody here uses.
  return async (url, options) => (await fetch(url, { ...options, dispatcher })) as unknown as Response;
}
