import type { IncomingMessage } from 'node:http';
import type { Endpoint } from '../api/endpoint.ts';
import { WheelgateError } from '../core/errors.ts';
import { anonymousIdentity, can, type Identity } from '../core/identity/identity.ts';
import { csrfToken } from '../core/identity/session.ts';
import type { Authenticate } from '../gate/identity/authenticate.ts';
import type { AddressOf } from './client-address.ts';
import { createRateLimit } from './rate-limit.ts';
import type { SessionCookie } from './session-cookie.ts';

/** Wrong tokens from one address within a minute: a broken CI job is told to wait, a guesser gets nowhere anyway. */
const WRONG_PER_MINUTE = 60;

export type IdentifyNeeds = {
  readonly authenticate: Pick<Authenticate, 'token' | 'session'>;
  readonly cookie: SessionCookie;
  readonly addressOf: AddressOf;
  /** What people may do who do not say who they are. */
  readonly anonymous: 'read' | 'none';
  readonly loginsPerMinute: number;
  readonly writesPerMinute: number;
};

/** Who sent a request of the API; `session` is the secret of the cookie that says so. */
export type Identified = { readonly identity: Identity; readonly session?: string; readonly address: string };

export type Identify = ReturnType<typeof createIdentify>;

/** Tells who sent a request, by its token or its cookie, and keeps those out who ask too often. */
export function createIdentify(needs: IdentifyNeeds) {
  const { authenticate, cookie, addressOf, anonymous, loginsPerMinute, writesPerMinute } = needs;
  const logins = createRateLimit(loginsPerMinute, 'logins');
  const writes = createRateLimit(writesPerMinute, 'changes');
  const wrong = createRateLimit(WRONG_PER_MINUTE, 'wrong tokens');

  /** @throws {WheelgateError} UNAUTHENTICATED, RATE_LIMITED */
  async function bySecret(secret: string, address: string): Promise<Identity> {
    const identity = await authenticate.token(secret);
    if (identity) return identity;
    wrong.take(address);
    throw new WheelgateError(
      'UNAUTHENTICATED',
      'unknown or expired token',
      'Ask for a new one: wheelgate token create.',
    );
  }

  return {
    addressOf,
    /** Counts a login. @returns the address @throws {WheelgateError} RATE_LIMITED */
    limitLogins(request: IncomingMessage): string {
      const address = addressOf(request);
      logins.take(address);
      return address;
    },
    /** True when everybody may read the index: then nobody is asked who they are. */
    isOpen: anonymous === 'read',

    /** @throws {WheelgateError} UNAUTHENTICATED, RATE_LIMITED, FORBIDDEN for a change that a foreign page may have sent */
    async forApi(request: IncomingMessage, endpoint: Endpoint): Promise<Identified> {
      const address = addressOf(request);
      if (endpoint.permission === 'none') {
        if (endpoint.method !== 'GET') logins.take(address);
        return { identity: anonymousIdentity(address, anonymous), address };
      }
      const found = await identified(request, address);
      if (endpoint.method !== 'GET' && !endpoint.isQuestion) {
        if (found.session !== undefined) refuseForeignPage(request, found.session);
        writes.take(found.identity.name);
      }
      return { ...found, address };
    },

    /**
     * Who asks for something of an index. Where everybody may read, a token that does not hold is no reason to refuse:
     * installs go on, and the event says that nobody could be told.
     * @throws {WheelgateError} UNAUTHENTICATED, RATE_LIMITED where not everybody may read
     */
    forIndex,

    /** Lets in who may read an index. @throws {WheelgateError} UNAUTHENTICATED, FORBIDDEN, RATE_LIMITED */
    async admit(request: IncomingMessage, index: string): Promise<void> {
      if (anonymous === 'read') return;
      const identity = await forIndex(request);
      if (can(identity, 'read-index', index)) return;
      if (identity.kind !== 'anonymous')
        throw new WheelgateError(
          'FORBIDDEN',
          `${identity.name} may not read index ${JSON.stringify(index)}`,
          'Use a token whose scope has this index.',
        );
      throw new WheelgateError(
        'UNAUTHENTICATED',
        'this index takes a token',
        'Put it into the index URL: http://__token__:<token>@host/simple/.',
      );
    },
  };

  async function forIndex(request: IncomingMessage): Promise<Identity> {
    const address = addressOf(request);
    try {
      return (await identified(request, address)).identity;
    } catch (error) {
      if (anonymous === 'none' || !(error instanceof WheelgateError)) throw error;
      return anonymousIdentity(address, anonymous);
    }
  }

  async function identified(
    request: IncomingMessage,
    address: string,
  ): Promise<{ readonly identity: Identity; readonly session?: string }> {
    const { authorization, cookie: cookies } = request.headers;
    if (authorization !== undefined) return { identity: await bySecret(readSecret(authorization), address) };
    const session = cookie.read(cookies);
    const identity = session === undefined ? undefined : await authenticate.session(session);
    if (session === undefined || !identity) return { identity: anonymousIdentity(address, anonymous) };
    return { identity, session };
  }
}

/** The token in `Authorization`: as Bearer, or as password of Basic whoever the user is, as installers send it. */
function readSecret(authorization: string): string {
  const [, scheme = '', value = ''] = /^(\S+) +(\S+)$/.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return '';
  const pair = Buffer.from(value, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const [user, password] = colon < 0 ? [pair, ''] : [pair.slice(0, colon), pair.slice(colon + 1)];
  return password || user;
}

/** A cookie goes along with requests that other sites cause; what only our own page knows does not. */
function refuseForeignPage(request: IncomingMessage, session: string): void {
  if (request.headers['x-csrf-token'] === csrfToken(session)) return;
  throw new WheelgateError(
    'FORBIDDEN',
    'the X-CSRF-Token is missing or not of this login',
    'GET /api/v1/session gives it; a page that is open since an older login must be loaded again.',
  );
}
