import { parseUrl } from '@fechatter/contract';
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** The key that signs pushes (VAPID), in base64url as push services want it. */
export interface VapidKey {
  /** An uncompressed point of P-256. */
  readonly publicKey: string;
  readonly privateKey: string;
}

function vapidKeyOf(key: KeyObject): VapidKey {
  const { crv, x = '', y = '', d } = key.export({ format: 'jwk' });
  if (crv !== 'P-256' || d === undefined) throw new TypeError('not a private P-256 key');
  const point = [Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
  return { publicKey: Buffer.concat(point).toString('base64url'), privateKey: d };
}

/** A private P-256 key as PKCS8 PEM. */
export const vapidKey = {
  schema: z.string().transform((given, context): VapidKey => {
    try {
      return vapidKeyOf(createPrivateKey(given.replaceAll('\\n', '\n')));
    } catch {
      // The cause could contain the secret, so only the line about what is expected is reported.
    }
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  }),
  expected: 'a private P-256 key as PKCS8 PEM',
};

const isContact = (given: string): boolean => {
  const url = parseUrl(given);
  return url !== undefined && (url.protocol === 'https:' || (url.protocol === 'mailto:' && url.pathname.includes('@')));
};
/** Whom a push service writes to. */
export const pushContact = {
  schema: z.string().max(320).refine(isContact),
  expected: 'mailto: with an address, or an https URL',
};

/** The contact that the other settings suggest: push services want one, and refuse one at localhost. */
export function defaultPushContact(from: string | undefined, webUrl: string): string {
  if (from !== undefined) return `mailto:${from}`;
  return webUrl.startsWith('https:') ? webUrl : 'mailto:operator@example.org';
}
