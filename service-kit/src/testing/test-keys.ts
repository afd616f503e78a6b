import { exportJWK, generateKeyPair, SignJWT, type JWTHeaderParameters, type JWTPayload } from 'jose';
import type { PublishedKey } from '../token/cached-keys.ts';

/** A key pair that signs any claims. */
export async function testKeys(kid = 'test-key') {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const published: PublishedKey = { kid, jwk: await exportJWK(publicKey) };
  return {
    published,
    sign: (payload: JWTPayload, header: Partial<JWTHeaderParameters> = {}) =>
      new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA', kid, ...header }).sign(privateKey),
  };
}
