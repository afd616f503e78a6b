import { createMacTokens, ID_BYTES, idAt, writeId } from './mac-token.ts';

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
 * Makes and reads what a client keeps over sign-outs, so that guesses of others do not block it. It signs no one
 * in: it names the lane in which the password is counted and compared. Nothing is stored; a key that only servers have
 * makes it.
 */
export interface DeviceTokens {
  encode(device: KnownDevice): string;
  /** Undefined for anything that was not made here. */
  decode(text: string | undefined): KnownDevice | undefined;
}

const NUMBER_BYTES = 4;
const FACTS_BYTES = 2 * ID_BYTES + 2 * NUMBER_BYTES;

export function createDeviceTokens(authSecret: string): DeviceTokens {
  const tokens = createMacTokens(authSecret, 'fechatter.device', FACTS_BYTES);
  return {
    encode({ userId, deviceId, epoch, issuedAtSeconds }) {
      const facts = Buffer.alloc(FACTS_BYTES);
      writeId(facts, userId, 0);
      writeId(facts, deviceId, ID_BYTES);
      facts.writeUInt32BE(epoch, 2 * ID_BYTES);
      facts.writeUInt32BE(issuedAtSeconds, 2 * ID_BYTES + NUMBER_BYTES);
      return tokens.encode(facts);
    },
    decode(text = '') {
      const facts = tokens.decode(text);
      if (facts === undefined) return undefined;
      return {
        userId: idAt(facts, 0),
        deviceId: idAt(facts, ID_BYTES),
        epoch: facts.readUInt32BE(2 * ID_BYTES),
        issuedAtSeconds: facts.readUInt32BE(2 * ID_BYTES + NUMBER_BYTES),
      };
    },
  };
}
