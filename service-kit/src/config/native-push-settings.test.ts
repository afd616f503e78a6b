import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { testConfig } from '../testing/index.ts';
import { configFolder } from '../testing/test-config-folder.ts';

const { fileWith, problemsOf } = configFolder();
const env = (given: Record<string, string>) => ({
  FECHATTER_DATABASE_URL: 'postgres://localhost/x',
  FECHATTER_ENCRYPTION_KEYS: `1:${Buffer.alloc(32, 1).toString('base64')}`,
  ...given,
});
const problemsWith = (given: Record<string, string>) => problemsOf(env(given), 'worker');
const rsa = (bits: number) =>
  String(generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ type: 'pkcs8', format: 'pem' }));
const ec = (namedCurve: string) =>
  String(generateKeyPairSync('ec', { namedCurve }).privateKey.export({ type: 'pkcs8', format: 'pem' }));

const account = {
  type: 'service_account',
  project_id: 'my-app',
  client_email: 'push@my-app.iam.gserviceaccount.com',
  private_key: rsa(2_048),
};
const p8 = ec('P-256');
const apns = {
  FECHATTER_PUSH_APNS_KEY: p8,
  FECHATTER_PUSH_APNS_KEY_ID: 'ABC123DEFG',
  FECHATTER_PUSH_APNS_TEAM_ID: 'DEF123GHIJ',
};

test('the keys of Google and Apple can be in files, and only the worker has them', () => {
  const given = {
    ...apns,
    FECHATTER_PUSH_APNS_KEY: '',
    FECHATTER_PUSH_APNS_KEY_FILE: fileWith(p8, 'AuthKey.p8'),
    FECHATTER_PUSH_FCM_SERVICE_ACCOUNT_FILE: fileWith(JSON.stringify(account), 'account.json'),
  };
  expect(testConfig('worker', given).push).toMatchObject({
    fcm: {
      serviceAccount: {
        projectId: 'my-app',
        clientEmail: 'push@my-app.iam.gserviceaccount.com',
        tokenUrl: 'https://oauth2.googleapis.com/token',
      },
      url: 'https://fcm.googleapis.com',
    },
    apns: { keyId: 'ABC123DEFG', url: 'https://api.push.apple.com' },
  });
  const { push } = testConfig('notify', given);
  expect('serviceAccount' in push.fcm || 'key' in push.apns).toBe(false);
});

test.each([
  { ...account, project_id: 'my-app/../other' },
  { ...account, client_email: 'nobody' },
  { ...account, private_key: 'not a key' },
  { ...account, private_key: ec('P-256') },
  { ...account, private_key: rsa(1_024) },
  { ...account, token_uri: 'http://oauth2.googleapis.com/token' },
  'no JSON',
])('a service account that cannot work is refused, and not shown', (given) => {
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  const problems = problemsWith({ FECHATTER_PUSH_FCM_SERVICE_ACCOUNT: text });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(
    /^FECHATTER_PUSH_FCM_SERVICE_ACCOUNT: a value that is not shown here was given, expected /,
  );
});

test('a key of Apple needs its ids, and must be one', () => {
  expect(problemsWith(apns)).toEqual([]);
  const { FECHATTER_PUSH_APNS_KEY: key } = apns;
  expect(problemsWith({ FECHATTER_PUSH_APNS_KEY: key })).toEqual([
    'push.apns.keyId: not given, expected beside push.apns.key',
    'push.apns.teamId: not given, expected beside push.apns.key',
  ]);
  for (const wrong of [ec('P-384'), account.private_key, 'text'])
    expect(problemsWith({ ...apns, FECHATTER_PUSH_APNS_KEY: wrong })[0]).toMatch(
      /^FECHATTER_PUSH_APNS_KEY: a value that/,
    );
});

test.each<Record<string, string>>([
  { FECHATTER_PUSH_FCM_URL: 'http://fcm.googleapis.com' },
  { FECHATTER_PUSH_APNS_URL: 'https://someone@api.push.apple.com' },
  { FECHATTER_PUSH_APNS_DEVELOPMENT_URL: 'nowhere' },
  { FECHATTER_PUSH_APNS_KEY_ID: 'short' },
])('%o is refused', (wrong) => {
  expect(problemsWith(wrong)[0]).toContain(Object.keys(wrong)[0]);
});
