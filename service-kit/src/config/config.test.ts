import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testConfig } from '../testing/index.ts';
import { configFolder } from '../testing/test-config-folder.ts';
import { loadConfig } from './config.ts';

const { cwd, fileWith, problemsWith } = configFolder();

test('without anything given, the launcher has the defaults', () => {
  const config = loadConfig('launcher', { env: {}, cwd });
  expect(config.server).toMatchObject({ host: '127.0.0.1', port: 6688, publicUrl: 'http://127.0.0.1:6688' });
  expect(config.notify).toMatchObject({ port: 6687, publicUrl: 'http://127.0.0.1:6687', bufferMaxBytes: 1_048_576 });
  expect(config.auth).toMatchObject({ accessTokenSeconds: 900, secret: undefined, signingKeys: undefined });
  expect(config.limits).toEqual({
    sendsPerMinute: 1_200,
    reactionsPerMinute: 120,
    readsPerMinute: 1_200,
    writesPerMinute: 600,
    heavyPerMinute: 60,
    heavyAtOnce: 2,
    signalsPerMinute: 300,
    signinsPerMinute: 10,
    signupsPerHour: 20,
    streamsPerSession: 200,
    streamsPerPerson: 500,
    workspacesPerPerson: 200,
    workspacesOwned: 100,
    chatsPerWorkspace: 10_000,
    chatsPerHour: 200,
    openInvites: 1_000,
    profileChangesPerHour: 20,
    serviceKeyCallsPerMinute: 6_000,
    exportsPerHour: 20,
  });
  expect(config.dataDir).toBe(join(cwd, '.fechatter'));
  expect(config.isProduction).toBe(false);
});

test('the environment comes before app.yml, and app.yml before the defaults', () => {
  const file = fileWith('server:\n  port: 7000\n  host: 0.0.0.0\nlog: { level: debug }\n');
  const config = testConfig('server', {
    FECHATTER_CONFIG: file,
    FECHATTER_SERVER_PORT: '7001',
    FECHATTER_LOG_LEVEL: '',
  });
  expect(config.server).toMatchObject({ host: '0.0.0.0', port: 7001, publicUrl: 'http://localhost:7001' });
  expect(config.log).toEqual({ level: 'debug', pretty: false });
});

test('app.yml in the working directory is read without being named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fechatter-config-'));
  writeFileSync(join(folder, 'app.yml'), 'limits:\n  sendsPerMinute: 5\nnotify:\n');
  expect(loadConfig('launcher', { env: {}, cwd: folder }).limits.sendsPerMinute).toBe(5);
});

test('mail is sent to a configured host, else written into files in development, and off in production', () => {
  const viaOf = (env: Readonly<Record<string, string>>) => loadConfig('launcher', { env, cwd }).mail.via;
  expect([viaOf({}), viaOf({ FECHATTER_MAIL_VIA: 'off' })]).toEqual(['files', 'off']);
  expect(testConfig('worker', { NODE_ENV: 'production', FECHATTER_MAIL_VIA: '' }).mail.via).toBe('off');
  const host = { FECHATTER_MAIL_VIA: '', FECHATTER_MAIL_HOST: 'smtp.example.com' };
  expect(problemsWith(host)).toEqual([
    'mail.from: not given, expected beside the other settings of mail',
    'server.webUrl: not given, nor server.publicUrl, expected with mail: its links lead there',
  ]);
  const whole = {
    ...host,
    FECHATTER_MAIL_FROM: 'chat@example.com',
    FECHATTER_SERVER_PUBLIC_URL: 'https://chat.example.com/',
  };
  expect(testConfig('worker', whole)).toMatchObject({
    mail: { via: 'smtp', port: 587, tls: 'starttls' },
    server: { webUrl: 'https://chat.example.com' },
  });
  expect(problemsWith({ ...whole, FECHATTER_MAIL_FROM: 'a@example.com\r\nBcc: b@example.com' })).toHaveLength(2);
});

describe('values of the environment are parsed', () => {
  test.each([
    ['FECHATTER_SERVER_PANEL', 'false', (c: Loaded) => c.server.panel, false],
    ['FECHATTER_HTTP_DOCS', 'false', (c: Loaded) => c.http.docs, false],
    ['FECHATTER_LOG_PRETTY', '1', (c: Loaded) => c.log.pretty, true],
    ['FECHATTER_LIMITS_SENDS_PER_MINUTE', '0', (c: Loaded) => c.limits.sendsPerMinute, 0],
    ['FECHATTER_SERVER_PUBLIC_URL', 'https://x.example/', (c: Loaded) => c.server.publicUrl, 'https://x.example'],
    [
      'FECHATTER_SERVER_TRUSTED_PROXIES',
      '10.0.0.0/8, ::1',
      (c: Loaded) => c.server.trustedProxies,
      ['10.0.0.0/8', '::1'],
    ],
    ['FECHATTER_SERVER_CORS_ORIGINS', '*', (c: Loaded) => c.server.corsOrigins, ['*']],
    ['FECHATTER_SERVER_HOST', '::', (c: Loaded) => c.server.publicUrl, 'http://localhost:0'],
    ['FECHATTER_SERVER_HOST', '::1', (c: Loaded) => c.server.publicUrl, 'http://[::1]:0'],
    ['FECHATTER_SERVER_HOST', '0:0::0', (c: Loaded) => c.server.publicUrl, 'http://localhost:0'],
    ['FECHATTER_SERVER_HOST', '2001:DB8::0:1', (c: Loaded) => c.server.publicUrl, 'http://[2001:db8::1]:0'],
    ['FECHATTER_DATABASE_TLS_MODE', 'require', (c: Loaded) => c.database.tls.mode, 'require'],
    ['FECHATTER_DATABASE_POOL_SIZE', '3', (c: Loaded) => c.database.poolSize, 3],
  ])('%s=%s', (name, value, read, expected) => {
    expect(read(testConfig('server', { [name]: value }))).toEqual(expected);
  });
});
type Loaded = ReturnType<typeof testConfig<'server'>>;

describe('a wrong setting is one line: its name, its value, what is expected', () => {
  test.each([
    [{ FECHATTER_SERVER_PORT: '66888' }, 'FECHATTER_SERVER_PORT: 66888 given, expected a port from 0 to 65535'],
    [{ FECHATTER_SERVER_PORT: '80x' }, 'FECHATTER_SERVER_PORT: "80x" given, expected a port from 0 to 65535'],
    [{ FECHATTER_LOG_PRETTY: 'yes' }, 'FECHATTER_LOG_PRETTY: "yes" given, expected true or false'],
    [
      { FECHATTER_LOG_LEVEL: 'loud' },
      'FECHATTER_LOG_LEVEL: "loud" given, expected trace, debug, info, warn, error, fatal or silent',
    ],
    [
      { FECHATTER_SERVER_PUBLIC_URL: 'chat.example.com' },
      'FECHATTER_SERVER_PUBLIC_URL: "chat.example.com" given, expected a URL like https://chat.example.com',
    ],
    [
      { FECHATTER_SERVER_TRUSTED_PROXIES: '10.0.0.0/33' },
      'FECHATTER_SERVER_TRUSTED_PROXIES: ["10.0.0.0/33"] given, expected addresses or ranges like 10.0.0.0/8, with commas between them',
    ],
    [
      { FECHATTER_CACHE_TOKENS_MAX: '10000001' },
      'FECHATTER_CACHE_TOKENS_MAX: 10000001 given, expected a whole number from 0 to 10000000',
    ],
    [
      { FECHATTER_SERVER_PROT: '1' },
      'FECHATTER_SERVER_PROT: there is no such setting; did you mean FECHATTER_SERVER_PORT?',
    ],
    [{ FECHATTER_BANANA_SPLIT: '1' }, 'FECHATTER_BANANA_SPLIT: there is no such setting'],
    [
      { FECHATTER_AUTH_SESSION_MAX_SECONDS: '3600' },
      'auth.sessionMaxSeconds: less than auth.refreshTokenSeconds, expected at least as much',
    ],
    [
      { FECHATTER_SERVER_PORT: '7000', FECHATTER_NOTIFY_PORT: '7000' },
      'notify.port: 7000 is server.port too, expected another one',
    ],
    [
      { FECHATTER_CONFIG: '/nowhere/app.yml' },
      'FECHATTER_CONFIG: "/nowhere/app.yml" given (ENOENT), expected a file to read',
    ],
    [
      { FECHATTER_AUTH_SECRET_FILE: '/nowhere/secret', FECHATTER_AUTH_SECRET: '' },
      'FECHATTER_AUTH_SECRET_FILE: "/nowhere/secret" given (ENOENT), expected a file to read',
    ],
    [
      { FECHATTER_AUTH_SECRET_FILE: '/nowhere/secret' },
      'FECHATTER_AUTH_SECRET: given twice, here and in FECHATTER_AUTH_SECRET_FILE',
    ],
    [{ FECHATTER_AUTH_SECRET: '' }, 'FECHATTER_AUTH_SECRET: not given, expected a random text of 32 bytes or more'],
    [
      { FECHATTER_DATABASE_TLS_CA: '/nowhere/ca.pem' },
      'FECHATTER_DATABASE_TLS_CA: "/nowhere/ca.pem" given, expected a certificate in PEM, or the path of a file with one',
    ],
  ])('%o', (env, problem) => {
    expect(problemsWith(env)).toEqual([problem]);
  });

  test.each([
    ['server: { prot: 1 }', 'server.prot in app.yml: there is no such setting; did you mean server.port?'],
    ['serve:\n  port: 1', 'serve in app.yml: there is no such setting'],
    ['server: 6688', 'server in app.yml: expected settings below it'],
    ['server:\n  port: "80"', 'server.port in app.yml: "80" given, expected a port from 0 to 65535'],
    ['- server', 'app.yml: expected sections like `server:` with settings below them'],
    ['server:\n  host: x\n  host: y', 'app.yml line 3: DUPLICATE_KEY, expected YAML'],
    [
      'database: { tls: { modus: x } }',
      'database.tls.modus in app.yml: there is no such setting; did you mean database.tls.mode?',
    ],
    ['__proto__: { port: 1 }', '__proto__ in app.yml: there is no such setting'],
  ])('app.yml: %s', (text, problem) => {
    expect(problemsWith({ FECHATTER_CONFIG: fileWith(text), FECHATTER_SERVER_PORT: '' })).toEqual([problem]);
  });

  test('all of them at once', () => {
    expect(problemsWith({ FECHATTER_SERVER_PORT: 'a', FECHATTER_LOG_LEVEL: 'b', FECHATTER_NOPE: 'c' })).toHaveLength(3);
  });
});

describe('TLS to the database', () => {
  test.each([
    ['postgres://u:p@127.0.0.1:5432/d', 'disable'],
    ['postgres://u:p@localhost/d', 'disable'],
    ['postgres://u:p@[::1]:5432/d', 'disable'],
    ['postgres:///d?host=/var/run/postgresql', 'disable'],
    ['postgres://u:p@%2Fvar%2Frun/d', 'disable'],
    ['postgres://u:p@10.0.0.5/d', 'verify-full'],
    ['postgres://u:p@db.example.com/d', 'verify-full'],
    ['postgres://u:p@127.0.0.1/d?host=db.example.com', 'verify-full'],
    ['postgres://u:p@127.example.com/d', 'verify-full'],
    ['postgres://u:p@db.example.com/d?sslmode=require', 'require'],
    ['postgres://u:p@db.example.com/d?sslmode=disable', 'disable'],
    ['postgres://u:p@db.example.com/d?sslmode=prefer', 'verify-full'],
  ])('%s: %s', (url, mode) => {
    const { database } = testConfig('server', { FECHATTER_DATABASE_URL: url });
    expect(database.tls.mode).toBe(mode);
    expect(database.url).not.toContain('sslmode');
  });
});

test('origins default to the public URLs, and in development to this machine under all its names', () => {
  const env = { FECHATTER_SERVER_PUBLIC_URL: 'https://chat.example', FECHATTER_NOTIFY_PORT: '6687' };
  expect(testConfig('notify', { ...env, NODE_ENV: 'production' }).server.corsOrigins).toEqual([
    'https://chat.example',
    'http://127.0.0.1:6687',
  ]);
  expect(testConfig('notify', env).server.corsOrigins).toEqual(
    expect.arrayContaining(['http://localhost:6687', 'http://[::1]:6687']),
  );
});

test('a config is deeply frozen', () => {
  const config = testConfig('server');
  expect(Object.isFrozen(config)).toBe(true);
  expect(Object.isFrozen(config.database.tls)).toBe(true);
  expect(Object.isFrozen(config.server.corsOrigins)).toBe(true);
});
