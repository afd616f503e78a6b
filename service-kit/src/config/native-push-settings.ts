import { parseUrl } from '@fechatter/contract';
import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';

/** Who sends pushes by Firebase Cloud Messaging. */
export interface GoogleServiceAccount {
  readonly projectId: string;
  readonly clientEmail: string;
  readonly privateKeyId: string | undefined;
  /** PKCS8 in PEM. */
  readonly privateKey: string;
  readonly tokenUrl: string;
}

/** Who sends pushes by Apple's push service. */
export interface ApnsKey {
  /** P-256, PKCS8 in PEM. */
  readonly privateKey: string;
  readonly keyId: string;
  readonly teamId: string;
}

const RSA_MIN_BITS = 2_048;
const isHttps = (given: string): boolean => {
  const url = parseUrl(given);
  return url?.protocol === 'https:' && url.username + url.password + url.search + url.hash === '';
};

/** Another origin than Google's or Apple's own, for tests. */
export const pushServiceUrl = {
  schema: z
    .string()
    .refine(isHttps)
    .transform((url) => url.replace(/\/+$/, '')),
  expected: 'an https URL',
};

const isRsaKey = (pem: string): boolean => {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
    return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= RSA_MIN_BITS;
  } catch {
    return false;
  }
};

/** The file as Google's console makes it. */
const ServiceAccount = z
  .looseObject({
    project_id: z.string().regex(/^[a-z0-9.:-]{1,100}$/),
    client_email: z.email(),
    private_key_id: z.string().max(200).optional(),
    private_key: z.string().max(10_000).refine(isRsaKey),
    token_uri: z.string().refine(isHttps).default('https://oauth2.googleapis.com/token'),
  })
  .transform(
    (file): GoogleServiceAccount => ({
      projectId: file.project_id,
      clientEmail: file.client_email,
      privateKeyId: file.private_key_id,
      privateKey: file.private_key,
      tokenUrl: file.token_uri,
    }),
  );

function parsedJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The cause could contain the secret, so only the line about what is expected is reported.
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  }
}
/** The JSON of a service account. */
export const googleServiceAccount = {
  schema: z.string().transform(parsedJson).pipe(ServiceAccount),
  expected: 'the JSON file of a service account of Google, with its project_id, client_email and private_key',
};

/** The `.p8` file as Apple's developer account makes it. */
export const apnsKey = {
  schema: z.string().transform((given, context): string => {
    const pem = given.replaceAll('\\n', '\n');
    try {
      const { crv, d } = createPrivateKey(pem).export({ format: 'jwk' });
      if (crv === 'P-256' && d !== undefined) return pem;
    } catch {
      // The cause could contain the secret, so only the line about what is expected is reported.
    }
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  }),
  expected: 'the .p8 file of a key for Apple’s push service: a private P-256 key as PKCS8 PEM',
};

const neededForApns = ['keyId', 'teamId'] as const;

/** What a key for Apple's push service needs beside it; a service that may not know the key has none. */
export function missingForApns(apns: {
  readonly key?: string | undefined;
  readonly keyId: string | undefined;
  readonly teamId: string | undefined;
}): string[] {
  if (apns.key === undefined) return [];
  return neededForApns
    .filter((name) => apns[name] === undefined)
    .map((name) => `push.apns.${name}: not given, expected beside push.apns.key`);
}
