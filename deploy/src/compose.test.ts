import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from './build/root.ts';
import { isInstalled } from './testing/is-installed.ts';
import { problemsOf } from './testing/problems-of.ts';

const run = promisify(execFile);

interface Service {
  readonly image: string;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly read_only?: boolean;
  readonly ulimits?: Readonly<Record<string, number>>;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks: Readonly<Record<string, { readonly ipv4_address: string }>>;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const folder = join(root, 'deploy/compose');
const text = await readFile(join(folder, 'compose.yaml'), 'utf8');
const { services, secrets } = parse(text, { merge: true }) as Compose;
const ours = Object.entries(services).filter(([, { image }]) => image.startsWith('fechatter-'));

test('each service runs twice, and only the proxy can be reached from outside', () => {
  expect(ours.map(([name]) => name)).toEqual([
    'prepare',
    'server-1',
    'server-2',
    'notify-1',
    'notify-2',
    'worker-1',
    'worker-2',
  ]);
  expect(Object.keys(services).filter((name) => services[name]?.ports)).toEqual(['proxy']);
});

test.each([...ours, ['proxy', services.proxy] as const])(
  '%s has a read-only file system and cannot change its user',
  (_, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  },
);

test.each(Object.entries(services))('%s writes no core dump when it crashes', (_, { ulimits }) => {
  expect(ulimits?.core).toBe(0);
});

test('secrets are files, and each service gets only those that it needs', () => {
  expect(JSON.stringify(ours.map(([, { environment }]) => environment))).not.toMatch(
    /postgres:|BEGIN|[A-Za-z0-9+/]{32}=/,
  );
  const wanted = (name: string) => services[name]?.secrets?.toSorted();
  expect(wanted('notify-1')).toEqual(['database-ca', 'encryption-keys', 'notify-database-url']);
  expect(wanted('worker-1')).toEqual(['database-ca', 'encryption-keys', 'vapid-key', 'worker-database-url']);
  expect(wanted('server-1')).toEqual([
    'auth-secret',
    'database-ca',
    'encryption-keys',
    'server-database-url',
    'signing-keys',
  ]);
  for (const { secrets: named = [] } of Object.values(services))
    expect(Object.keys(secrets)).toEqual(expect.arrayContaining([...named]));
});

test('the database refuses connections without TLS', async () => {
  expect(services.postgres?.command).toContain('-cssl=on');
  const rules = (await readFile(join(folder, 'pg_hba.conf'), 'utf8')).split('\n').filter((line) => /^[a-z]/.test(line));
  for (const rule of rules) expect(rule).toMatch(/^(local|hostssl) .*scram-sha-256$/);
});

test.each(['server', 'notify', 'worker'] as const)(
  '%s understands its settings, with the secrets that the script makes',
  async (name) => {
    const made = await mkdtemp(join(tmpdir(), 'fechatter-secrets-'));
    try {
      await copyFile(join(folder, 'make-secrets'), join(made, 'make-secrets'));
      await run('bash', [join(made, 'make-secrets')]);
      const fileOf = (secret: string) => join(made, secrets[secret]?.file ?? 'no such secret');
      const given = Object.entries(services[`${name}-1`]?.environment ?? {}).map(([key, value]) => [
        key,
        value
          .replace(/\$\{[A-Z_]+:-([^}]*)\}/, '$1')
          .replace(/^\/run\/secrets\/(.+)/, (_, secret: string) => fileOf(secret)),
      ]);
      const env = Object.fromEntries(given) as Record<string, string>;
      expect(problemsOf(name, { NODE_ENV: 'production', ...env })).toBe('');
      await expect(run('bash', [join(made, 'make-secrets')])).rejects.toThrow('nothing was changed');
    } finally {
      await rm(made, { recursive: true, force: true });
    }
  },
);

test('only the proxy is trusted as a proxy', () => {
  const trusted = services['server-1']?.environment?.FECHATTER_SERVER_TRUSTED_PROXIES;
  expect(services.proxy?.networks.inside?.ipv4_address).toBe(trusted);
});

const compose = isInstalled('docker-compose');
test.skipIf(!compose)('Compose reads the file (skipped without docker-compose)', async () => {
  // Debian's version is too old for `name` at the top.
  const { stdout } = await run('bash', [
    '-c',
    `docker-compose --project-directory '${folder}' --file <(grep -v ^name: '${folder}/compose.yaml') config`,
  ]);
  expect(stdout).toContain('server-2:');
});
