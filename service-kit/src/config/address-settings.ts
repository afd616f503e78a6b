import { Email, parseUrl } from '@fechatter/contract';
import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

function isAddressRange(range: string): boolean {
  const [address = '', bits, ...rest] = range.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

function isWebUrl(given: string): boolean {
  const url = parseUrl(given);
  return url !== undefined && /^https?:$/.test(url.protocol) && url.search + url.hash + url.username === '';
}

function isOrigin(given: string): boolean {
  return given === '*' || parseUrl(given)?.origin === given;
}

/** Query parameters that the driver would prefer to `database.tls`: `?ssl=0` sends everything without TLS. */
const OWN_TLS = /^(ssl(?!mode$)|uselibpqcompat$)/i;

function isDatabaseUrl(given: string): boolean {
  const url = /^postgres(ql)?:\/\//.test(given) ? parseUrl(given) : undefined;
  return url !== undefined && ![...url.searchParams.keys()].some((name) => OWN_TLS.test(name));
}

/** An address or a range of addresses. */
export const AddressRange = z.string().refine(isAddressRange);
/** An origin as browsers send it, or `*`. */
export const Origin = z.string().refine(isOrigin);
/** The URL at which clients reach a service; stored without a trailing slash. */
export const webUrl = {
  schema: z
    .string()
    .refine(isWebUrl)
    .transform((url) => url.replace(/\/+$/, '')),
  expected: 'a URL like https://chat.example.com',
};
/** Where a store of objects is; without a bucket, which is a setting of its own. */
export const storeUrl = { ...webUrl, expected: 'a URL like https://s3.example.com' };
/** The part after the @ of an address, in lower case. */
export const MailDomain = z
  .string()
  .transform((domain) => Email.safeParse(`someone@${domain}`).data?.slice('someone@'.length).toLowerCase() ?? '')
  .refine((domain) => domain !== '');
/** The sender's address; the display name is mail.name. */
export const mailAddress = { schema: Email, expected: 'an address like chat@example.com' };
export const databaseUrl = {
  schema: z.string().refine(isDatabaseUrl),
  expected: 'a URL like postgres://user:password@host:5432/database; TLS is set by database.tls, not in the URL',
};

const pem = /^-----BEGIN CERTIFICATE-----/;
/** A certificate, or the path of a file with one. */
export const certificate = {
  schema: z.string().transform((given, context) => {
    if (pem.test(given.trimStart())) return given;
    try {
      const read = readFileSync(given, 'utf8');
      if (pem.test(read.trimStart())) return read;
    } catch {
      // Reported below as not a certificate, whatever the cause.
    }
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  }),
  expected: 'a certificate in PEM, or the path of a file with one',
};

/** Parses addresses and ranges into a list for look-ups. */
export function addressList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return list;
}
