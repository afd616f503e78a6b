import { createMessageCipher, type RingKey } from './message-cipher.ts';

/** Encrypts and decrypts the addresses of push subscriptions, with their keys. */
export interface PushCipher {
  seal(userId: string, addressHash: Buffer, address: string): Buffer;
  /** Throws if the key is not in the ring, or if the address is another person's. */
  open(userId: string, addressHash: Buffer, sealed: Buffer): string;
}

/** The same scheme as for messages, with a key per person. */
export function createPushCipher(ring: readonly RingKey[]): PushCipher {
  const cipher = createMessageCipher(ring, 'fechatter.push');
  return {
    seal: (userId, addressHash, address) => cipher.seal(userId, addressHash.toString('hex'), address),
    open: (userId, addressHash, sealed) => cipher.open(userId, addressHash.toString('hex'), sealed),
  };
}
