import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const CHAT = 'chat.example.com';
export const APP = 'https://app.example.com';
const SECRET = 'the secret that an app and its chat share';

/** Two apps that sign their own users in: one publishes its keys, the other shares a secret. */
export interface TestIssuers extends AsyncDisposable {
  /** The setting `auth.issuers`. */
  readonly setting: string;
  /** A token of the app with published keys, for a minute; the given claims replace its own. */
  token(claims?: JWTPayload, header?: { readonly kid?: string; readonly alg?: string }): Promise<string>;
  /** One that is signed with the secret. */
  shared(claims?: JWTPayload, alg?: string): Promise<string>;
  /** From now on its keys cannot be read. */
  break(): void;
}

export async function testIssuers(): Promise<TestIssuers> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' };
  let isBroken = false;
  const host = createServer((_, response) => {
    response.writeHead(isBroken ? 500 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: [jwk] }));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => host.once('listening', resolve));
  const jwksUrl = `http://127.0.0.1:${(host.address() as AddressInfo).port}/jwks`;
  const claimsOf = (claims: JWTPayload) => {
    const now = Math.floor(Date.now() / 1_000);
    return {
      iss: APP,
      aud: CHAT,
      iat: now,
      exp: now + 60,
      sub: 'ada',
      name: 'Ada',
      jti: crypto.randomUUID(),
      ...claims,
    };
  };
  const listed = [
    { issuer: APP, audience: CHAT, jwksUrl },
    { issuer: 'shared', audience: CHAT, secret: SECRET, claims: { id: 'user_id', name: 'display_name' } },
  ];
  return {
    setting: JSON.stringify(listed),
    token: (claims = {}, { kid = 'one', alg = 'ES256' } = {}) =>
      new SignJWT(claimsOf(claims)).setProtectedHeader({ alg, kid }).sign(privateKey),
    shared: (claims = {}, alg = 'HS256') =>
      new SignJWT(claimsOf({ iss: 'shared', user_id: 7, display_name: 'Seven', ...claims }))
        .setProtectedHeader({ alg })
        .sign(new TextEncoder().encode(SECRET)),
    break: () => {
      isBroken = true;
    },
    async [Symbol.asyncDispose]() {
      host.closeAllConnections();
      await new Promise((resolve) => host.close(resolve));
    },
  };
}
