import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** A device on which an account was signed in. */
export interface KnownDevice {
  readonly userId: string;
  readonly deviceId: string;
  /** The account's, when the token was made: a later one makes all its devices unknown. */
  readonly epoch: number;
  /** By the database's clock. */
  readonly issuedAtSeconds: number;
}

/**
 * Makes and reads what a client keeps over sign-outs, so that guesses of others do not stand in its way. It signs nobody
 * in: it names the lane in which the password is counted and compared. Nothing is stored; a key that only servers have
 * makes it.
 */
export interface DeviceTokens {
  encode(device: KnownDevice): string;
  /** Undefined for anything that was not made here. */
  decode(text: string | undefined): KnownDevice | undefined;
}

const PURPOSE = 'fechatter.device';
const ID_BYTES = 16;
const NUMBER_BYTES = 4;
const FACTS_BYTES = 2 * ID_BYTES + 2 * NUMBER_BYTES;
const BYTES = FACTS_BYTES + 32;

export function createDeviceTokens(authSecret: string): DeviceTokens {
  const key = Buffer.from(hkdfSync('sha256', authSecret, '', PURPOSE, 32));
  const macOf = (facts: Buffer) => createHmac('sha256', key).update(facts).digest();

  return {
    encode({ userId, deviceId, epoch, issuedAtSeconds }) {
      const facts = Buffer.alloc(FACTS_BYTES);
      facts.write(userId.replaceAll('-', ''), 0, 'hex');
      facts.write(deviceId.replaceAll('-', ''), ID_BYTES, 'hex');
      facts.writeUInt32BE(epoch, 2 * ID_BYTES);
      facts.writeUInt32BE(issuedAtSeconds, 2 * ID_BYTES + NUMBER_BYTES);
      return Buffer.concat([facts, macOf(facts)]).toString('base64url');
    },
    decode(text = '') {
      const bytes = Buffer.from(text, 'base64url');
      if (bytes.length !== BYTES || bytes.toString('base64url') !== text) return undefined;
      const facts = bytes.subarray(0, FACTS_BYTES);
      if (!timingSafeEqual(bytes.subarray(FACTS_BYTES), macOf(facts))) return undefined;
      return {
        userId: idOf(facts, 0),
        deviceId: idOf(facts, ID_BYTES),
        epoch: facts.readUInt32BE(2 * ID_BYTES),
        issuedAtSeconds: facts.readUInt32BE(2 * ID_BYTES + NUMBER_BYTES),
      };
    },
  };
}

const idOf = (bytes: Buffer, at: number): string =>
  bytes.toString('hex', at, at + ID_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
