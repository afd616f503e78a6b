import { join, resolve } from 'node:path';
import { ConfigError } from './config-error.ts';
import {
  addressUrl,
  defaultMetricsPort,
  defaultOrigins,
  defaultTlsMode,
  type Derived,
  withoutSslmode,
} from './derived.ts';
import {
  type Environment,
  givenInFile,
  readConfigFile,
  readSmallFile,
  type Tree,
  unknownInEnvironment,
  unknownInFile,
} from './given.ts';
import type { NeededSetting, Service, Setting } from './setting.ts';
import { disagreementsOfIssuers } from './issuer-settings.ts';
import { disagreementsOfProviders, issuersInBoth } from './provider-settings.ts';
import { type NamedSetting, namedSettings } from './setting-names.ts';
import { foreignOrigins, passkeySettings } from './passkey-settings.ts';
import { missingForApns } from './native-push-settings.ts';
import { defaultPushContact } from './push-settings.ts';
import type { settings } from './settings.ts';

type ValueFor<S extends Service, X> =
  X extends NeededSetting<infer T>
    ? S extends 'launcher'
      ? T | undefined
      : T
    : X extends Setting<infer T>
      ? T
      : never;
type Readable<S extends Service, X> = X extends { readonly readers: readonly (infer R)[] }
  ? S extends R
    ? true
    : false
  : true;
type Values<S extends Service, X> = {
  readonly [K in keyof X as Readable<S, X[K]> extends true ? K : never]: X[K] extends { readonly schema: unknown }
    ? ValueFor<S, X[K]>
    : Values<S, X[K]>;
};

/** The settings of a service; those that it must not know are missing. */
export type Config<S extends Service = 'notify'> = Values<S, typeof settings> &
  Derived & { readonly service: Service; readonly isProduction: boolean };

interface Sources {
  readonly env: Environment;
  readonly cwd: string;
  readonly file: Tree;
}

const isGiven = (text: string | undefined): text is string => text !== undefined && text !== '';

function shown(given: unknown, { setting }: NamedSetting): string {
  if (setting.isSecret) return 'a value that is not shown here was given';
  return `${(JSON.stringify(given) ?? String(given)).slice(0, 100)} given`;
}

/** The value of one setting. The environment overrides the file, and the file the default. */
function readSetting(named: NamedSetting, { env, cwd, file }: Sources, problems: string[]): unknown {
  const { name, variable, setting } = named;
  const fromFile = setting.isSecret ? env[`${variable}_FILE`] : undefined;
  const direct = env[variable];
  let given = givenInFile(file, named.path);
  let source = `${name} in app.yml`;
  if (isGiven(direct) && isGiven(fromFile)) problems.push(`${variable}: given twice, here and in ${variable}_FILE`);
  if (isGiven(direct)) [given, source] = [setting.fromText(direct), variable];
  else if (isGiven(fromFile)) {
    const read = readSmallFile(resolve(cwd, fromFile));
    source = `${variable}_FILE`;
    if ('failure' in read) {
      problems.push(`${source}: ${JSON.stringify(fromFile)} given (${read.failure}), expected a file to read`);
      return setting.fallback;
    }
    given = setting.fromText(read.text.trimEnd());
  }
  if (given === undefined) return setting.fallback;
  const parsed = setting.schema.safeParse(given);
  if (parsed.success) return parsed.data;
  problems.push(`${source}: ${shown(given, named)}, expected ${setting.expected}`);
  return setting.fallback;
}

function put(tree: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) tree[key] = value;
  else put((tree[key] ??= {}) as Record<string, unknown>, rest, value);
}

function freeze<T>(node: T): T {
  if (typeof node !== 'object' || node === null || ArrayBuffer.isView(node)) return node;
  for (const child of Object.values(node)) freeze(child);
  return Object.freeze(node);
}

/** By construction, each value has the type of its setting's schema. */
type ReadValues = Values<'launcher', typeof settings>;

function missingForMail(mail: ReadValues['mail'], server: ReadValues['server']): string[] {
  const missing = (['host', 'from'] as const).filter((name) => mail[name] === undefined);
  return [
    ...missing.map((name) => `mail.${name}: not given, expected beside the other settings of mail`),
    ...((server.webUrl ?? server.publicUrl) === undefined
      ? ['server.webUrl: not given, nor server.publicUrl, expected with mail: its links lead there']
      : []),
  ];
}

const neededForS3 = ['endpoint', 'bucket', 'accessKeyId', 'secretAccessKey'] as const;

/** What the other settings of S3 need; a service that may not know the secrets has none of them. */
function missingForS3({ store, s3 }: ReadValues['files']): string[] {
  const needed = neededForS3.filter((name) => name in s3);
  if (store !== 's3' && needed.every((name) => s3[name] === undefined)) return [];
  return needed
    .filter((name) => s3[name] === undefined)
    .map((name) => `files.s3.${name}: not given, expected beside the other settings of S3`);
}

function disagreements(
  { auth, server, notify, worker, mail, push, files }: ReadValues,
  isProduction: boolean,
): string[] {
  const problems: string[] = [
    ...disagreementsOfIssuers(auth.issuers ?? [], isProduction),
    ...disagreementsOfProviders(auth.providers ?? [], isProduction),
    ...issuersInBoth(auth.issuers ?? [], auth.providers ?? []),
  ];
  if ((mail.via ?? (mail.host && 'smtp')) === 'smtp') problems.push(...missingForMail(mail, server));
  problems.push(...missingForS3(files), ...missingForApns(push.apns));
  if (auth.refreshTokenSeconds < auth.accessTokenSeconds)
    problems.push('auth.refreshTokenSeconds: less than auth.accessTokenSeconds, expected at least as much');
  if (auth.sessionMaxSeconds < auth.refreshTokenSeconds)
    problems.push('auth.sessionMaxSeconds: less than auth.refreshTokenSeconds, expected at least as much');
  const { rpId } = auth.passkeys;
  const foreign = rpId && auth.passkeys.origins ? foreignOrigins({ rpId, origins: auth.passkeys.origins }) : [];
  for (const origin of foreign)
    problems.push(`auth.passkeys.origins: ${origin} is not below ${rpId}, expected an origin of that domain`);
  const listeners = { server, notify, worker };
  for (const [index, [name, { host, port }]] of Object.entries(listeners).entries()) {
    const taken = Object.entries(listeners).slice(0, index);
    const other = port === 0 ? undefined : taken.find(([, before]) => before.port === port && before.host === host);
    if (other !== undefined) problems.push(`${name}.port: ${port} is ${other[0]}.port too, expected another one`);
  }
  return problems;
}

function derive(read: ReadValues, isProduction: boolean, cwd: string) {
  const { server, notify, worker, mail, push, database, files } = read;
  const publicUrls = [server.publicUrl ?? addressUrl(server), notify.publicUrl ?? addressUrl(notify)] as const;
  const { url } = database;
  return {
    ...read,
    dataDir: resolve(cwd, read.dataDir),
    files: {
      ...files,
      folder: resolve(cwd, files.folder ?? join(read.dataDir, 'files')),
    },
    server: {
      ...server,
      publicUrl: publicUrls[0],
      metricsPort: server.metricsPort ?? defaultMetricsPort(server.port),
      panel: server.panel ?? !isProduction,
      webUrl: server.webUrl ?? publicUrls[0],
      corsOrigins: server.corsOrigins ?? defaultOrigins(publicUrls, isProduction),
    },
    notify: {
      ...notify,
      publicUrl: publicUrls[1],
      metricsPort: notify.metricsPort ?? defaultMetricsPort(notify.port),
    },
    auth: { ...read.auth, passkeys: passkeySettings(read.auth.passkeys, server.webUrl ?? publicUrls[0]) },
    mail: { ...mail, via: mail.via ?? (mail.host !== undefined ? 'smtp' : isProduction ? 'off' : 'files') },
    push: {
      ...push,
      contact: push.contact ?? defaultPushContact(mail.from, server.webUrl ?? publicUrls[0]),
    },
    worker: { ...worker, metricsPort: worker.metricsPort ?? defaultMetricsPort(worker.port) },
    database: {
      ...database,
      url: url && withoutSslmode(url),
      tls: { ...database.tls, mode: database.tls.mode ?? defaultTlsMode(url) },
    },
  };
}

/** Reads defaults, app.yml and the environment, in this order. Throws a ConfigError with all problems. */
export function loadConfig<const S extends Service>(
  service: S,
  { env = process.env, cwd = process.cwd() }: { readonly env?: Environment; readonly cwd?: string } = {},
): Config<S> {
  const problems: string[] = [];
  const isProduction = env.NODE_ENV === 'production';
  const sources = { env, cwd, file: readConfigFile(env, cwd, problems) };
  const values: Record<string, unknown> = {};
  for (const named of namedSettings.filter(({ setting }) => setting.readers.includes(service))) {
    const before = problems.length;
    const value = readSetting(named, sources, problems);
    const isMissing = value === undefined && named.setting.isNeeded && problems.length === before;
    if (isMissing && (isProduction || service !== 'launcher'))
      problems.push(`${named.variable}: not given, expected ${named.setting.expected}`);
    put(values, named.path, value);
  }
  const read = values as unknown as ReadValues;
  problems.push(...disagreements(read, isProduction), ...unknownInFile(sources.file), ...unknownInEnvironment(env));
  if (problems.length > 0) throw new ConfigError(problems);
  return freeze({ ...derive(read, isProduction, cwd), service, isProduction }) as unknown as Config<S>;
}
