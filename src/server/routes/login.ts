import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse, serialize } from 'cookie';
import { z } from 'zod';
import { WheelgateError } from '../../core/errors.ts';
import type { ProviderLogin } from '../../gate/identity/provider-login.ts';
import type { LoginProvider } from '../../gate/ports.ts';
import { originOf } from '../http-headers.ts';
import type { Identify } from '../identify.ts';
import type { SessionCookie } from '../session-cookie.ts';

export type LoginRouteNeeds = {
  readonly provider: LoginProvider;
  readonly logIn: ProviderLogin;
  readonly cookie: SessionCookie;
  readonly identify: Pick<Identify, 'limitLogins'>;
  readonly publicUrl: string | undefined;
};

const CALLBACK = '/login/oidc/callback';
/** Between the two steps the browser keeps what the second must match; only this path gets it. */
const COOKIE = 'wheelgate-login';
const COOKIE_SECONDS = 600;

const stepSchema = z.strictObject({ state: z.string(), nonce: z.string(), verifier: z.string(), next: z.string() });

/** `GET /login/oidc?next=/path` sends to the provider, `GET /login/oidc/callback` comes back from there. */
export function createLoginRoute({ provider, logIn, cookie, identify, publicUrl }: LoginRouteNeeds) {
  const attributes = {
    httpOnly: true,
    sameSite: 'lax',
    path: '/login/oidc',
    secure: publicUrl?.startsWith('https:') === true,
  } as const;
  const clear = serialize(COOKIE, '', { ...attributes, maxAge: 0 });

  return {
    async begin(next: string | undefined, request: IncomingMessage, response: ServerResponse): Promise<void> {
      identify.limitLogins(request);
      const { url, checks } = await provider.begin(`${publicUrl ?? originOf(request)}${CALLBACK}`);
      const step = JSON.stringify({ ...checks, next: localPath(next) });
      const kept = serialize(COOKIE, Buffer.from(step).toString('base64url'), {
        ...attributes,
        maxAge: COOKIE_SECONDS,
      });
      redirect(response, url, [kept]);
    },

    async finish(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const address = identify.limitLogins(request);
      const { next, ...checks } = readStep(request.headers.cookie);
      const callback = new URL(`${publicUrl ?? originOf(request)}${request.url}`);
      const { secret, expiresAt } = await logIn(await provider.finish(callback, checks), address);
      redirect(response, next, [clear, cookie.write(secret, expiresAt)]);
    },
  };
}

export type LoginRoute = ReturnType<typeof createLoginRoute>;

function readStep(header: string | undefined): z.output<typeof stepSchema> {
  try {
    const kept = header === undefined ? undefined : parse(header)[COOKIE];
    return stepSchema.parse(JSON.parse(Buffer.from(kept ?? '', 'base64url').toString('utf8')));
  } catch (error) {
    throw new WheelgateError(
      'UNAUTHENTICATED',
      'this login was not begun here, or too long ago',
      'Begin it again at /login/oidc.',
      error,
    );
  }
}

/** A page of the gate to return to: never of another host. */
function localPath(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])[\x21-\x7e]{0,1000}$/.test(next) ? next : '/';
}

function redirect(response: ServerResponse, location: string, cookies: readonly string[]): void {
  response
    .writeHead(302, { location, 'set-cookie': [...cookies], 'content-length': 0, 'cache-control': 'no-store' })
    .end();
}
