import { expect, test } from 'vitest';
import { createDeviceTokens } from './device-token.ts';

const device = {
  userId: '019b2f3a-0000-7000-8000-000000000001',
  deviceId: '019b2f3a-ffff-7fff-bfff-fffffffffffe',
  epoch: 3,
  issuedAtSeconds: 1_800_000_000,
};
const tokens = createDeviceTokens('a secret of this deployment, and of no other');

test('a token is valid only in the deployment that issued it', () => {
  const token = tokens.encode(device);
  expect(tokens.decode(token)).toEqual(device);
  expect(createDeviceTokens('the secret of another deployment, elsewhere').decode(token)).toBeUndefined();
});

test('a changed, truncated, re-encoded or invented token is refused', () => {
  const token = tokens.encode(device);
  const bytes = Buffer.from(token, 'base64url');
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    expect(tokens.decode(changed.toString('base64url')), `byte ${at}`).toBeUndefined();
  }
  const others = [
    undefined,
    '',
    'x',
    `${token}=`,
    ` ${token}`,
    token.slice(0, -1),
    `${token}AA`,
    bytes.toString('hex'),
  ];
  for (const other of others) expect(tokens.decode(other), other).toBeUndefined();
});
