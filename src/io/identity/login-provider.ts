import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { WheelgateError } from '../../core/errors.ts';
import type { LoginProvider } from '../../gate/ports.ts';
import { createProviderFetch, type ProviderProxy } from './provider-fetch.ts';

export type LoginProviderOptions = {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly scopes: string;
  readonly nameClaim: string;
  readonly groupsClaim: string;
  readonly proxy?: ProviderProxy;
};

/** OpenID Connect's authorization code flow with PKCE; what the provider says of itself is read at the first login. */
export function createLoginProvider(options: LoginProviderOptions): LoginProvider {
  const { issuer, scopes, nameClaim, groupsClaim } = options;
  let reading: Promise<Configuration> | undefined;

  function configuration(): Promise<Configuration> {
    reading ??= discover(options).catch((error: unknown) => {
      reading = undefined;
      throw new WheelgateError(
        'UPSTREAM_FAILED',
        `the login provider ${issuer} cannot be reached`,
        'Try again; then look at access.oidc and the way there.',
        error,
      );
    });
    return reading;
  }

  return {
    async begin(redirectUri) {
      const config = await configuration();
      const checks = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
      const url = buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: scopes,
        state: checks.state,
        nonce: checks.nonce,
        code_challenge: await calculatePKCECodeChallenge(checks.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, checks };
    },

    async finish(callback, { state, nonce, verifier }) {
      const config = await configuration();
      try {
        const tokens = await authorizationCodeGrant(config, callback, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        const idToken = tokens.claims()!;
        // Many providers tell names and groups only when they are asked for them.
        const asked = config.serverMetadata().userinfo_endpoint !== undefined;
        const info = asked ? await fetchUserInfo(config, tokens.access_token, idToken.sub) : {};
        const claims: Readonly<Record<string, unknown>> = { ...idToken, ...info };
        const name = claims[nameClaim];
        return {
          issuer: idToken.iss,
          sub: idToken.sub,
          groups: [claims[groupsClaim]].flat().filter((group) => typeof group === 'string'),
          ...(typeof name === 'string' && { name }),
        };
      } catch (error) {
        throw new WheelgateError(
          'UNAUTHENTICATED',
          `the login with ${issuer} did not work`,
          'Begin it again at /login/oidc; the log of the gate says what was wrong.',
          error,
        );
      }
    },
  };
}

async function discover({ issuer, clientId, clientSecret, proxy }: LoginProviderOptions): Promise<Configuration> {
  const isLocal = issuer.startsWith('http:');
  return discovery(new URL(issuer), clientId, clientSecret, undefined, {
    [customFetch]: createProviderFetch(proxy),
    execute: [enableNonRepudiationChecks, ...(isLocal ? [allowInsecureRequests] : [])],
  });
}
