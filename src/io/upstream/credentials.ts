/** An address that may be shown and stored, and what it carried that may not. */
export type SplitUrl = { readonly url: URL; readonly authorization?: string };

/**
 * Moves user and password out of a URL into the value of an `Authorization` header (RFC 7617).
 * @throws {TypeError} for what is no URL
 */
export function splitCredentials(raw: string): SplitUrl {
  const url = new URL(raw);
  const { username, password } = url;
  if (username === '' && password === '') return { url };
  url.username = '';
  url.password = '';
  const pair = `${decode(username)}:${decode(password)}`;
  return { url, authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a stray percent sign: it was meant as it stands
  }
}
