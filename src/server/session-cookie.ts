import { parse, serialize } from 'cookie';

/** The cookie of a login: out of reach of scripts, and not sent along by other sites' forms and scripts. */
export type SessionCookie = {
  read(header: string | undefined): string | undefined;
  write(secret: string, expiresAt: Date): string;
  /** Makes the browser drop it. */
  clear(): string;
};

/** @param isSecure whether browsers reach the gate over https: the cookie is bound to that and to the host then */
export function createSessionCookie(isSecure: boolean): SessionCookie {
  const name = isSecure ? '__Host-wheelgate' : 'wheelgate';
  const attributes = { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure } as const;
  return {
    read: (header) => (header === undefined ? undefined : parse(header)[name]),
    write: (secret, expires) => serialize(name, secret, { ...attributes, expires }),
    clear: () => serialize(name, '', { ...attributes, maxAge: 0 }),
  };
}
