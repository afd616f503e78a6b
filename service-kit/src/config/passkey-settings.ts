import { parseUrl } from '@fechatter/contract';
import { isIP } from 'node:net';
import { z } from 'zod';

/** Where passkeys are used. */
export interface PasskeySettings {
  /** The domain that passkeys belong to; empty: there are no passkeys. */
  readonly rpId: string;
  /** The origins of the pages that may use them. */
  readonly origins: readonly string[];
}

/** The origin of a page: of the domain of passkeys or of one below it. */
export const PasskeyOrigin = z.string().refine((given) => parseUrl(given)?.origin === given);

const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '');

/**
 * What is not given follows from the address of the web app. Passkeys need a domain: an address of this machine is
 * called localhost for them, and any other address has none.
 */
export function passkeySettings(
  given: { readonly rpId: string | undefined; readonly origins: readonly string[] | undefined },
  webUrl: string,
): PasskeySettings {
  const url = new URL(webUrl);
  if (/^(?:127\.|::1$)/.test(hostOf(webUrl))) url.hostname = 'localhost';
  const host = hostOf(url.href);
  const rpId = given.rpId ?? (isIP(host) === 0 ? host : '');
  if (rpId === '') return { rpId, origins: [] };
  return { rpId, origins: given.origins ?? [url.origin] };
}

/** Origins whose pages cannot use passkeys of this domain, by the rules of browsers. */
export const foreignOrigins = ({ rpId, origins }: PasskeySettings): readonly string[] =>
  origins.filter((origin) => hostOf(origin) !== rpId && !hostOf(origin).endsWith(`.${rpId}`));
