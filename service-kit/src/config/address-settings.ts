import { Email } from '@fechatter/contract';
import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

function isAddressRange(range: string): boolean {
  const [address = '', bits, ...rest] = range.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

function urlOf(given: string): URL | undefined {
  return URL.canParse(given) ? new URL(given) : undefined;
}

function isWebUrl(given: string): boolean {
  const url = urlOf(given);
  return url !== undefined && /^https?:$/.test(url.protocol) && url.search + url.hash + url.username === '';
}

function isOrigin(given: string): boolean {
  return given === '*' || urlOf(given)?.origin === given;
}

/** The driver would obey them instead of `database.tls`: `?ssl=0` sends everything in clear. */
const OWN_TLS = /^(ssl(?!mode$)|uselibpqcompat$)/i;

function isDatabaseUrl(given: string): boolean {
  const url = /^postgres(ql)?:\/\//.test(given) ? urlOf(given) : undefined;
  return url !== undefined && ![...url.searchParams.keys()].some((name) => OWN_TLS.test(name));
}

/** An address or a range of addresses. */
export const AddressRange = z.string().refine(isAddressRange);
/** An origin as browsers send it, or `*`. */
export const Origin = z.string().refine(isOrigin);
/** Where others reach a service; kept without a slash at its end. */
export const webUrl = {
  schema: z
    .string()
    .refine(isWebUrl)
    .transform((url) => url.replace(/\/+$/, '')),
  expected: 'a URL like https://chat.example.com',
};
/** What stands behind the @ of an address, in small letters. */
export const MailDomain = z
  .string()
  .transform((domain) => Email.safeParse(`someone@${domain}`).data?.slice('someone@'.length).toLowerCase() ?? '')
  .refine((domain) => domain !== '');
/** From whom mails come: the name beside it is mail.name. */
export const mailAddress = { schema: Email, expected: 'an address like chat@example.com' };
export const databaseUrl = {
  schema: z.string().refine(isDatabaseUrl),
  expected:
    'a URL like postgres://user:password@host:5432/database; how TLS is used stands in database.tls, not in the URL',
};

const pem = /^-----BEGIN CERTIFICATE-----/;
/** A certificate, or the file that it stands in. */
export const certificate = {
  schema: z.string().transform((given, context) => {
    if (pem.test(given.trimStart())) return given;
    try {
      const read = readFileSync(given, 'utf8');
      if (pem.test(read.trimStart())) return read;
    } catch {
      // Told below: not a certificate, whatever kept it from being read.
    }
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  }),
  expected: 'a certificate in PEM, or the path of a file with one',
};

/** Makes addresses and ranges into a list that can be asked. */
export function addressList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return list;
}
