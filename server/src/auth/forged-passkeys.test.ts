import { isoCBOR } from '@simplewebauthn/server/helpers';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { refusal, testServer } from '../testing/index.ts';
import { passkeyEnv } from '../testing/passkey-device.ts';

const app = await testServer(passkeyEnv);
afterAll(() => app[Symbol.asyncDispose]());

const rpId = passkeyEnv.FECHATTER_AUTH_PASSKEYS_RP_ID;
const origin = passkeyEnv.FECHATTER_AUTH_PASSKEYS_ORIGINS;
const PRESENT_VERIFIED_ATTESTED = 0x45;

/** What a client makes up without any authenticator: there is no attestation. */
function madeUp(challenge: unknown, credentialId: Buffer): Record<string, unknown> {
  const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));
  const key = new Map<number, number | Uint8Array>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, bytes(x)],
    [-3, bytes(y)],
  ]);
  const idLength = Buffer.alloc(2);
  idLength.writeUInt16BE(credentialId.length);
  const authData = Buffer.concat([
    createHash('sha256').update(rpId).digest(),
    Buffer.from([PRESENT_VERIFIED_ATTESTED]),
    Buffer.alloc(4 + 16),
    idLength,
    credentialId,
    isoCBOR.encode(key),
  ]);
  const attestation = new Map<string, string | Uint8Array | Map<string, never>>([
    ['fmt', 'none'],
    ['attStmt', new Map<string, never>()],
    ['authData', new Uint8Array(authData)],
  ]);
  const id = credentialId.toString('base64url');
  const clientData = JSON.stringify({ type: 'webauthn.create', challenge, origin });
  return {
    id,
    rawId: id,
    type: 'public-key',
    response: {
      clientDataJSON: Buffer.from(clientData).toString('base64url'),
      attestationObject: Buffer.from(isoCBOR.encode(attestation)).toString('base64url'),
    },
  };
}

test('ids of passkeys have at most as many bytes as WebAuthn allows', async () => {
  const { trpc } = await app.signUp('ada');
  const add = async (bytes: number) => {
    const { options } = await trpc.auth.passkeyBegin.mutate();
    return trpc.auth.passkeyAdd.mutate({ passkey: madeUp(options.challenge, randomBytes(bytes)) });
  };
  for (const bytes of [65_535, 1_024])
    expect([bytes, (await refusal(add(bytes)))?.reason]).toEqual([bytes, 'token_spent']);
  expect(await add(1_023)).toMatchObject({ passkey: { name: 'Passkey' } });
});
