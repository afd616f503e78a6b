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
  /** The folder of this Postgres, with `data`, `password`, `port`, `postgres.log` and `lock`. Created if missing. */
  readonly dataDir: string;
  /** Default: the port of the last start if it is free, otherwise any free one. */
  readonly port?: number;
  /** Server settings that override the defaults, such as `{ work_mem: '8MB' }`. Where it listens cannot be changed. */
  readonly settings?: Record<string, string>;
  /** Receives a sentence about each step; the server's own output goes to `logFile`. */
  readonly log?: (line: string) => void;
  /** False for tests: much faster, but a power cut may lose everything. */
  readonly durable?: boolean;
  readonly startTimeoutMs?: number;
  /** A folder with initdb and postgres (15 to 18). Default: the npm package for this platform. */
  readonly binDir?: string;
  /** How to start Postgres as root, which it refuses by itself. Default: the first way that works on this machine. */
  readonly runAs?: Identity['kind'] | 'auto';
  /** Folders for the files if the unprivileged user cannot enter `dataDir`. */
  readonly reachableFolders?: readonly string[];
}

/** A running Postgres. */
export interface EmbeddedPostgres {
  /** The URL for the superuser `fechatter`, database `postgres`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly dataDir: string;
  readonly logFile: string;
  readonly runsAs: Identity['kind'];
  /** Shuts down (fast); escalates after deadlines. Does nothing when called again or after the end. */
  stop(): Promise<void>;
  /**
   * Settles when the postmaster has ended for any reason, its back ends are gone and `dataDir` can be started again.
   */
  readonly exited: Promise<number | null>;
}

/** Starts the Postgres of a folder. The first start makes the cluster; each start cleans up after killed processes. */
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
