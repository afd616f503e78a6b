import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

// Everything that asks for an address which a person gave goes through guardedRequest(). Other ways out are only for
// addresses from the settings, in the files below.

const root = join(import.meta.dirname, '../../..');
const packages = ['contract', 'drizzle', 'service-kit', 'server', 'notify', 'worker', 'rest', 'search', 'file-store'];

/** Why each of them may. */
const others: Readonly<Record<string, string>> = {
  'service-kit/src/outbound/guarded-request.ts': 'it is the way',
  'server/src/identity/trusted-issuers.ts': 'keys of the issuers in auth.issuers',
  'server/src/identity/oidc-providers.ts': 'the providers in auth.providers',
  'file-store/src/s3-fetch.ts': 'the bucket in files.s3',
  'file-store/src/s3-store.ts': 'signs for the bucket in files.s3',
  'service-kit/src/virus-scan/clamd.ts': 'the daemon in files.clamav',
  'worker/src/mail/transport.ts': 'the mail host in mail.host',
  'worker/src/push/http2-post.ts':
    'the origins in push.fcm and push.apns, and the token_uri of push.fcm.serviceAccount',
};
const waysOut = [
  /(?<![.\w])fetch\(/,
  /import (?!type)[^;]*\b(request|get|Agent|globalAgent)\b[^;]*from 'node:https?'/,
  /import (?!type)[^;]*\b(connect|createConnection|Socket)\b[^;]*from 'node:(net|tls|http2)'/,
  /import \* as \w+ from 'node:(https?|http2|net|tls)'/,
  /import \w+ from 'node:(https?|http2|net|tls)'/,
  /from '(undici|axios|got|node-fetch|nodemailer|openid-client|request-filtering-agent|s3mini)'/,
  /createRemoteJWKSet\(/,
];

test('only the listed files send requests, and each of them does', async () => {
  const found: string[] = [];
  for (const name of packages)
    for (const entry of await readdir(join(root, name, 'src'), { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name);
      const isProduct = file.endsWith('.ts') && !/\.test\.ts$|[/\\]testing[/\\]/.test(file);
      if (!entry.isFile() || !isProduct) continue;
      const text = withoutComments(await readFile(file, 'utf8'));
      if (waysOut.some((way) => way.test(text))) found.push(relative(root, file).replaceAll('\\', '/'));
    }
  // `fetch` of the app that a service serves.
  expect(found.filter((file) => file !== 'service-kit/src/run/run-service.ts').sort()).toEqual(
    Object.keys(others).sort(),
  );
});

const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
