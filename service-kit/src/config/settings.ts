import { z } from 'zod';
import {
  AddressRange,
  certificate,
  databaseUrl,
  mailAddress,
  MailDomain,
  Origin,
  storeUrl,
  webUrl,
} from './address-settings.ts';
import { signinProviders } from './provider-settings.ts';
import { trustedIssuers } from './issuer-settings.ts';
import { encryptionKeys, signingKeys } from './key-settings.ts';
import { PasskeyOrigin } from './passkey-settings.ts';
import { apnsKey, googleServiceAccount, pushServiceUrl } from './native-push-settings.ts';
import { pushContact, vapidKey } from './push-settings.ts';
import { count, flag, listOf, oneOf, optional, optionalSecret, port, secret, setting, text } from './setting.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const everyone = ['server', 'notify', 'worker', 'launcher'] as const;
const signers = ['server', 'launcher'] as const;
const storers = ['server', 'worker', 'launcher'] as const;
const workers = ['worker', 'launcher'] as const;
const metricsPort = { ...port, expected: 'a port from 1 to 65535, or 0 for none' };
const metricsToken = text('16 characters or more of A-Z, a-z, 0-9, -, ., _ or ~', /^[\w.~-]{16,}$/);
const host = text('a host name or an address', /^[A-Za-z0-9.:_-]+$/);

/**
 * Every setting. Its path is its name: `server.port` in app.yml is FECHATTER_SERVER_PORT in the environment. A setting
 * that has no default here and is not a secret is derived from the others in derived.ts.
 */
export const settings = {
  dataDir: setting(text('a folder'), '.fechatter'),
  server: {
    host: setting(host, '127.0.0.1'),
    port: setting(port, 6688),
    metricsPort: optional(metricsPort),
    publicUrl: optional(webUrl),
    webUrl: optional(webUrl),
    panel: optional(flag),
    web: optional(text('a folder, or off')),
    imageOrigins: optional(listOf(Origin, 'origins like https://images.example.com, with commas between them, or *')),
    trustedProxies: setting(listOf(AddressRange, 'addresses or ranges like 10.0.0.0/8, with commas between them'), []),
    corsOrigins: optional(listOf(Origin, 'origins like https://app.example.com, with commas between them, or *')),
  },
  notify: {
    host: setting(host, '127.0.0.1'),
    port: setting(port, 6687),
    metricsPort: optional(metricsPort),
    publicUrl: optional(webUrl),
    bufferMaxBytes: setting(count(65_536), 1_048_576),
  },
  worker: {
    host: setting(host, '127.0.0.1'),
    port: setting(port, 6686),
    metricsPort: optional(metricsPort),
  },
  database: {
    url: secret(databaseUrl, everyone),
    poolSize: setting(count(1, 1_000), 10),
    migrate: setting(flag, true),
    connectTimeoutMs: setting(count(100), 3_000),
    statementTimeoutMs: setting(count(100), 15_000),
    eventRetentionHours: setting(count(1), 72),
    tls: {
      mode: optional(oneOf(['verify-full', 'verify-ca', 'require', 'disable'])),
      ca: optional(certificate),
    },
  },
  auth: {
    issuer: setting(text('a name or a URL'), 'fechatter'),
    audience: setting(text('a name or a URL'), 'fechatter'),
    signupMode: setting(oneOf(['open', 'invited', 'closed']), 'open'),
    signupDomains: setting(listOf(MailDomain, 'domains like example.com, with commas between them'), []),
    requireVerifiedEmail: setting(flag, false),
    passkeys: {
      rpId: optional(host),
      origins: optional(listOf(PasskeyOrigin, 'origins like https://app.example.com, with commas between them')),
    },
    issuers: { ...setting(trustedIssuers, []), isSecret: true, readers: signers },
    providers: { ...setting(signinProviders, []), isSecret: true, readers: signers },
    accessTokenSeconds: setting(count(60, DAY), 15 * 60),
    refreshTokenSeconds: setting(count(HOUR), 30 * DAY),
    sessionMaxSeconds: setting(count(HOUR), 90 * DAY),
    signingKeys: secret(signingKeys, signers),
    secret: secret(
      {
        schema: z.string().refine((value) => Buffer.byteLength(value) >= 32),
        expected: 'a random text of 32 bytes or more',
      },
      signers,
    ),
  },
  mail: {
    via: optional(oneOf(['smtp', 'files', 'off'])),
    name: setting(text('a name on one line', /^[^\p{Cc}\u2028\u2029]{1,100}$/u), 'Fechatter'),
    language: setting(oneOf(['en', 'de']), 'en'),
    mentionDigest: setting(flag, false),
    from: optional(mailAddress),
    host: optional(host),
    port: setting(port, 587),
    tls: setting(oneOf(['starttls', 'implicit', 'off']), 'starttls'),
    user: optional(text('a name')),
    password: { ...optionalSecret(text('a password')), readers: workers },
  },
  push: {
    vapidKey: { ...optionalSecret(vapidKey), readers: workers },
    contact: optional(pushContact),
    fcm: {
      serviceAccount: { ...optionalSecret(googleServiceAccount), readers: workers },
      url: setting(pushServiceUrl, 'https://fcm.googleapis.com'),
    },
    apns: {
      key: { ...optionalSecret(apnsKey), readers: workers },
      keyId: optional(text('the 10 characters of a key id', /^[A-Z0-9]{10}$/)),
      teamId: optional(text('the 10 characters of a team id', /^[A-Z0-9]{10}$/)),
      url: setting(pushServiceUrl, 'https://api.push.apple.com'),
      developmentUrl: setting(pushServiceUrl, 'https://api.sandbox.push.apple.com'),
    },
  },
  outbound: {
    allow: setting(listOf(AddressRange, 'addresses or ranges like 10.0.0.0/8, with commas between them'), []),
  },
  audit: {
    retentionDays: setting(count(1, 36_500), 365),
  },
  encryption: {
    keys: secret(encryptionKeys, everyone),
  },
  files: {
    store: setting(oneOf(['folder', 's3']), 'folder'),
    folder: optional(text('a folder')),
    s3: {
      endpoint: optional(storeUrl),
      region: setting(text('a region', /^[\w-]{1,64}$/), 'us-east-1'),
      bucket: optional(text('the name of a bucket', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)),
      prefix: setting(text('up to 200 characters of A-Z, a-z, 0-9, -, _ and /', /^[\w-][\w/-]{0,199}$/), 'fechatter/'),
      pathStyle: setting(flag, true),
      accessKeyId: { ...optionalSecret(text('an access key')), readers: storers },
      secretAccessKey: { ...optionalSecret(text('a secret key')), readers: storers },
    },
    clamav: {
      host: optional(host),
      port: setting(port, 3_310),
    },
    publicUrl: optional(webUrl),
    fileMaxBytes: setting(count(1), 104_857_600),
    workspaceMaxBytes: setting(count(0), 10_737_418_240),
  },
  search: {
    enabled: setting(flag, true),
    prefixes: setting(flag, true),
    stopWords: setting(listOf(z.enum(['en', 'de', 'fr', 'es']), 'languages among en, de, fr and es'), ['en']),
  },
  log: {
    level: setting(oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']), 'info'),
    pretty: setting(flag, false),
  },
  metrics: {
    token: optionalSecret(metricsToken),
  },
  cache: {
    tokensMax: setting(count(0, 10_000_000), 10_000),
    messagesMaxBytes: setting(count(0), 33_554_432),
    chatListSeconds: setting(count(0, 300), 0),
    profileSeconds: setting(count(0, 300), 0),
  },
  limits: {
    sendsPerMinute: setting(count(0), 1_200),
    reactionsPerMinute: setting(count(0), 120),
    readsPerMinute: setting(count(0), 1_200),
    writesPerMinute: setting(count(0), 600),
    heavyPerMinute: setting(count(0), 60),
    heavyAtOnce: setting(count(0), 2),
    signalsPerMinute: setting(count(0), 300),
    signinsPerMinute: setting(count(0), 10),
    signupsPerHour: setting(count(0), 20),
    streamsPerSession: setting(count(0), 200),
    streamsPerPerson: setting(count(0), 500),
    workspacesPerPerson: setting(count(0), 200),
    workspacesOwned: setting(count(0), 100),
    chatsPerWorkspace: setting(count(0), 10_000),
    chatsPerHour: setting(count(0), 200),
    openInvites: setting(count(0), 1_000),
    profileChangesPerHour: setting(count(0), 20),
    serviceKeyCallsPerMinute: setting(count(0), 6_000),
    exportsPerHour: setting(count(0), 20),
  },
  http: {
    headersTimeoutMs: setting(count(1_000), 10_000),
    requestTimeoutMs: setting(count(1_000), 120_000),
    keepAliveTimeoutMs: setting(count(1_000), 65_000),
    drainGraceMs: setting(count(0, 600_000), 0),
    drainMs: setting(count(0, 600_000), 10_000),
    docs: setting(flag, true),
  },
} as const;
