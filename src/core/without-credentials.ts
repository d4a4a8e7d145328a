/**
 * A location for messages, lists and records: without user and password, and without a query, in which some services put
 * a token. What is no URL keeps everything but what looks like a user.
 */
export function withoutCredentials(location: string): string {
  if (!URL.canParse(location)) return location.replace(/\/\/[^/@]*@/, '//');
  const url = new URL(location);
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return url.href;
}
