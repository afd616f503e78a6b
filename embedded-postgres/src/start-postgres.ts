import { constants, existsSync } from 'node:fs';
import { access, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ensureCluster } from './cluster.ts';
import { endServers } from './end-servers.ts';
import { lockFolder, type FolderLock } from './folder-lock.ts';
import { findFooting } from './footing.ts';
import type { Identity } from './identity.ts';
import { platformBinDir } from './platform-binaries.ts';
import { isFree, rememberedPort, rememberPort } from './port.ts';
import { PortTaken, spawnServer, type Server, type ServerRequest } from './server.ts';

export interface StartOptions {
  /** The folder that holds everything of this Postgres: `data`, `password`, `port`, `postgres.log`, `lock`. Made if missing. */
  readonly dataDir: string;
  /** Default: the port of the last start if it is free, else any free one. */
  readonly port?: number;
  /** Server settings above the defaults, such as `{ work_mem: '8MB' }`. Where it listens cannot be changed. */
  readonly settings?: Record<string, string>;
  /** Told in a sentence what is done; the server's own output goes to `logFile`. */
  readonly log?: (line: string) => void;
  /** False for tests: much faster, and a power cut may lose everything. */
  readonly durable?: boolean;
  readonly startTimeoutMs?: number;
  /** A folder with initdb and postgres (15 to 18). Default: the npm package for this platform. */
  readonly binDir?: string;
  /** How to run as root, which Postgres refuses. Default: the first way that works on this machine. */
  readonly runAs?: Identity['kind'] | 'auto';
  /** Where files go when the user that Postgres is dropped to cannot enter `dataDir`. */
  readonly reachableFolders?: readonly string[];
}

/** A running Postgres. */
export interface EmbeddedPostgres {
  /** For the superuser `fechatter`, database `postgres`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly dataDir: string;
  readonly logFile: string;
  readonly runsAs: Identity['kind'];
  /** A fast shutdown; harder ones after deadlines. Again and after the end it does nothing. */
  stop(): Promise<void>;
  /** Settles when the postmaster has ended for whatever reason, its back ends are gone and `dataDir` can be started again. */
  readonly exited: Promise<number | null>;
}

/** Starts the Postgres of a folder, made on the first start, cleaned up after whatever was killed since. */
export async function startPostgres(options: StartOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  await makeFolder(dataDir);
  const lock = await lockFolder(dataDir);
  try {
    return await startLocked(dataDir, lock, options);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function makeFolder(dataDir: string): Promise<void> {
  await mkdir(dirname(dataDir), { recursive: true });
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await access(dataDir, constants.W_OK).catch(async (cause) => {
    const { uid } = await stat(dataDir);
    throw new Error(`${dataDir} belongs to user ${uid}: start as that user, or choose another folder`, { cause });
  });
}

async function startLocked(dataDir: string, lock: FolderLock, options: StartOptions): Promise<EmbeddedPostgres> {
  const { durable = true, settings = {}, log = () => {}, startTimeoutMs = 60_000, runAs = 'auto' } = options;
  const { reachableFolders = ['/var/lib', '/var/tmp', '/tmp'] } = options;
  const binDir = resolve(options.binDir ?? (await platformBinDir()));
  const data = join(dataDir, 'data');
  if (existsSync(data)) await endServers(await realpath(data), log);
  const footing = await findFooting({ folder: dataDir, binDir, runAs, reachableFolders, log });
  const password = await ensureCluster({ folder: dataDir, footing, durable, log });
  const logFile = join(dataDir, 'postgres.log');
  const request = { footing, logFile, durable, settings, log, startTimeoutMs };
  const server = await spawnOnPort(dataDir, options.port, request);
  await rememberPort(dataDir, server.port);
  const exited = server.exited.then(async (code) => {
    await lock.release();
    return code;
  });
  return {
    url: `postgres://fechatter:${password}@127.0.0.1:${server.port}/postgres`,
    port: server.port,
    pid: server.pid,
    dataDir,
    logFile,
    runsAs: footing.identity.kind,
    stop: async () => {
      await server.stop();
      await exited;
    },
    exited,
  };
}

const portTriesMax = 5;

async function spawnOnPort(
  dataDir: string,
  wanted: number | undefined,
  request: Omit<ServerRequest, 'port'>,
): Promise<Server> {
  if (wanted !== undefined && !(await isFree(wanted))) throw new PortTaken(wanted);
  for (let tries = 1; ; tries++) {
    const port = wanted ?? (await rememberedPort(dataDir));
    try {
      return await spawnServer({ ...request, port });
    } catch (error) {
      if (!(error instanceof PortTaken) || wanted !== undefined || tries === portTriesMax) throw error;
    }
  }
}
