import type { GoogleServiceAccount } from '@fechatter/service-kit';
import { importPKCS8, SignJWT } from 'jose';
import { z } from 'zod';
import type { Http2Post, Http2Response } from './http2-post.ts';
import type { MadeToken } from './kept-token.ts';

const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const GOOD_SECONDS = 3_600;
/** The grant is renewed so long before it ends. */
const EARLY_SECONDS = 300;
const BAD_GATEWAY = 502;

const Granted = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/** Google gave no token. */
export class GrantRefused extends Error {
  readonly response: Http2Response;

  constructor(response: Http2Response) {
    super(`no token of Google: ${response.status}`);
    this.response = response;
  }
}

/** Gets an access token for a service account (RFC 7523). Throws a {@link GrantRefused}. */
export async function grantOf(
  { clientEmail, privateKeyId, privateKey, tokenUrl }: GoogleServiceAccount,
  post: Http2Post,
): Promise<MadeToken> {
  const now = Math.floor(Date.now() / 1_000);
  const assertion = await new SignJWT({ scope: SCOPE })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(privateKeyId !== undefined && { kid: privateKeyId }) })
    .setIssuer(clientEmail)
    .setAudience(tokenUrl)
    .setIssuedAt(now)
    .setExpirationTime(now + GOOD_SECONDS)
    .sign(await importPKCS8(privateKey, 'RS256'));
  const response = await post({
    url: tokenUrl,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: GRANT, assertion }).toString(),
  });
  if (response.status !== 200) throw new GrantRefused(response);
  const granted = grantedIn(response.body);
  if (granted === undefined) throw new GrantRefused({ ...response, status: BAD_GATEWAY });
  return { token: granted.access_token, goodForMs: Math.max(60, granted.expires_in - EARLY_SECONDS) * 1_000 };
}

/** Undefined if it is something else; an error of the parser could contain the token. */
function grantedIn(body: string): z.infer<typeof Granted> | undefined {
  try {
    return Granted.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
