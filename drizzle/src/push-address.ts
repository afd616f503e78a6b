import type { PushAddress, PushKind } from '@fechatter/contract';
import { createHash } from 'node:crypto';

/** The push services of FCM and APNs as `host` of a subscription: no URL has a host with a capital letter. */
export const nativePushHosts = {
  Fcm: ['Fcm'],
  Apns: ['Apns', 'Apns development'],
} as const satisfies Record<Exclude<PushKind, 'WebPush'>, readonly string[]>;

/** How an address is stored. */
export interface StoredPushAddress {
  /** By which it is found: it is a secret, and long enough that nobody guesses it. */
  readonly hash: Buffer;
  /** Of its push service. */
  readonly host: string;
  /** What is encrypted: as the worker reads it, with one way to write an address. */
  readonly text: string;
}

export function storedPushAddress(address: PushAddress): StoredPushAddress {
  switch (address.kind) {
    case 'WebPush': {
      const { href, host } = new URL(address.endpoint);
      return stored(address.kind, href, host, { endpoint: href, keys: address.keys });
    }
    case 'Fcm':
      return stored(address.kind, address.token, 'Fcm', { token: address.token });
    case 'Apns': {
      const token = address.token.toLowerCase();
      const { topic, environment } = address;
      const host = environment === 'production' ? 'Apns' : 'Apns development';
      return stored(address.kind, token, host, { token, topic, environment });
    }
    default:
      return address satisfies never;
  }
}

const stored = (kind: PushKind, id: string, host: string, parts: object): StoredPushAddress => ({
  hash: createHash('sha256').update(`${kind}\0${id}`).digest(),
  host,
  text: JSON.stringify(parts),
});
