import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cable, layCable } from './cable.ts';
import { type Disk, mountDisk } from './disk.ts';
import { LateResponses } from './late-responses.ts';
import { allReady, keepService, type Service } from './service.ts';
import { openStore, type Store } from './store.ts';

/** A service with two proxies: one for its clients, one to the database. */
export interface Instance {
  readonly service: Service;
  readonly cable: Cable;
  readonly databaseCable: Cable;
  readonly url: string;
}

/** The whole system: servers, notifies, workers and a Postgres, each in its own processes. */
export interface System extends AsyncDisposable {
  readonly folder: string;
  readonly store: Store;
  readonly servers: readonly Instance[];
  readonly notifies: readonly Instance[];
  readonly workers: readonly Instance[];
  readonly encryptionKey: Buffer;
  /** Delays the servers' responses to clients of the SDK. */
  readonly lateResponses: LateResponses;
  /** The database's own disk, if there is one. */
  readonly disk: Disk | undefined;
  /** The log of a service over all its restarts. */
  logOf(instance: Instance): Promise<string>;
  /** Stops the services and keeps the database running for the checker. */
  stopServices(): Promise<void>;
}

export interface SystemOptions {
  readonly instances: { readonly servers: number; readonly notifies: number; readonly workers?: number };
  /** False: without fsync, for short runs. A killed process loses nothing by it. */
  readonly durable: boolean;
  /** Whether to give the database its own file system that can be filled up, if this machine allows it. */
  readonly hasOwnDisk?: boolean;
  /** Added to the settings of every run. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Called when the database is running and nothing uses it yet. */
  readonly prepare?: (store: Store) => Promise<void>;
}

type Kind = 'server' | 'notify' | 'worker';

const READY_MS = 120_000;
const DISK_MB = 2_000;

export async function startSystem(options: SystemOptions): Promise<System> {
  const { durable, instances, prepare = async () => {}, hasOwnDisk = false, settings = {} } = options;
  const folder = await mkdtemp(join(tmpdir(), 'fechatter-chaos-'));
  await chmod(folder, 0o711);
  const disk = hasOwnDisk ? await mountDisk(join(folder, 'disk'), DISK_MB) : undefined;
  if (disk !== undefined) await chmod(disk.folder, 0o711);
  const store = await openStore(join(disk?.folder ?? folder, 'postgres'), durable);
  await prepare(store);
  const encryptionKey = randomBytes(32);
  const env = {
    FECHATTER_DATABASE_MIGRATE: 'false',
    FECHATTER_MAIL_VIA: 'off',
    FECHATTER_ENCRYPTION_KEYS: `1:${encryptionKey.toString('base64')}`,
    // The minimum, so that clients refresh their tokens during faults.
    FECHATTER_AUTH_ACCESS_TOKEN_SECONDS: '60',
    FECHATTER_LIMITS_SENDS_PER_MINUTE: '0',
    FECHATTER_LIMITS_REACTIONS_PER_MINUTE: '0',
    FECHATTER_LIMITS_READS_PER_MINUTE: '0',
    FECHATTER_LIMITS_WRITES_PER_MINUTE: '0',
    FECHATTER_LIMITS_HEAVY_PER_MINUTE: '0',
    FECHATTER_LIMITS_CHATS_PER_HOUR: '0',
    FECHATTER_LIMITS_PROFILE_CHANGES_PER_HOUR: '0',
    FECHATTER_LIMITS_EXPORTS_PER_HOUR: '0',
    FECHATTER_LIMITS_SIGNINS_PER_MINUTE: '0',
    FECHATTER_LIMITS_SIGNUPS_PER_HOUR: '0',
    FECHATTER_NOTIFY_BUFFER_MAX_BYTES: '65536',
    FECHATTER_FILES_FOLDER: join(folder, 'files'),
    FECHATTER_LOG_LEVEL: 'info',
    ...settings,
  };
  const secrets = {
    FECHATTER_AUTH_SIGNING_KEYS: generateKeyPairSync('ed25519')
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString(),
    FECHATTER_AUTH_SECRET: randomBytes(48).toString('base64url'),
  };
  const start = async (kind: Kind, number: number): Promise<Instance> => {
    const databaseCable = await layCable(store.port);
    const name = `${kind}-${number}`;
    const service = await keepService({
      name,
      kind,
      env: {
        ...env,
        ...(kind === 'server' && secrets),
        FECHATTER_DATABASE_URL: store.urlFor(kind, databaseCable.port),
      },
      logFile: join(folder, `${name}.log`),
    });
    const cable = await layCable(service.port);
    return { service, cable, databaseCable, url: `http://127.0.0.1:${cable.port}` };
  };
  const startAll = (kind: Kind, count: number) =>
    Promise.all(Array.from({ length: count }, (_, number) => start(kind, number)));
  const servers = await startAll('server', instances.servers);
  const notifies = await startAll('notify', instances.notifies);
  const workers = await startAll('worker', instances.workers ?? 0);
  const all = [...servers, ...notifies, ...workers];
  let stopped: Promise<unknown> | undefined;
  const stopServices = async () => {
    stopped ??= Promise.all(all.map(({ service }) => service.stop()));
    await stopped;
  };
  const system: System = {
    folder,
    store,
    servers,
    notifies,
    workers,
    encryptionKey,
    lateResponses: new LateResponses(),
    disk,
    logOf: ({ service }) => readFile(join(folder, `${service.name}.log`), 'utf8'),
    stopServices,
    async [Symbol.asyncDispose]() {
      await stopServices();
      for (const { cable, databaseCable } of all) await Promise.all([cable.close(), databaseCable.close()]);
      await store.stop();
      await disk?.unmount();
      if (process.env.CHAOS_KEEP === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await allReady(
      all.map(({ service }) => service),
      READY_MS,
    );
    return system;
  } catch (error) {
    await system[Symbol.asyncDispose]();
    throw error;
  }
}
