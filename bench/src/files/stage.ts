import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { EndingTogether } from '../frame/ending-together.ts';
import { cpuMs, memoryBytes } from '../frame/process-cost.ts';
import { benchDatabase } from '../system/bench-database.ts';
import { benchKeys } from '../system/bench-keys.ts';
import { benchService } from '../system/bench-service.ts';
import { makeChat, makePeople, makeWorkspace } from '../system/people.ts';
import { bareContender, type Contender, nginxContender, serverContender } from './contenders.ts';
import { curlTransfers, type Transfer } from './curl.ts';
import { makeSource } from './source.ts';

export type Name = 'server' | 'nginx' | 'bare';

/** What a transfer of the whole file cost. */
export interface Cost {
  readonly mibPerSecond: number;
  readonly cpuSecondsPerGib: number;
  /** The most that the processes had above what they had before the first transfer. */
  readonly memoryMib: number;
}

export interface Stage extends AsyncDisposable {
  measure(name: Name, direction: 'up' | 'down'): Promise<Cost>;
}

export interface StageOptions {
  readonly folder: string;
  readonly found: ReadonlyMap<string, string>;
  readonly nodeArgs: readonly string[];
  readonly sizeBytes: number;
}

const MIB = 1_048_576;
const SAMPLED_EVERY_MS = 10;

/** The server, nginx and the bare store, and a file that each of them has received once. */
export async function openStage({ folder, found, nodeArgs, sizeBytes }: StageOptions): Promise<Stage> {
  const [nginx, curl] = [found.get('nginx'), found.get('curl')];
  if (curl === undefined) throw new Error('files needs curl: apt-get install curl');
  const opened = new EndingTogether();
  const source = await makeSource(folder, sizeBytes);
  const database = opened.use(await benchDatabase({ folder, isDurable: true }));
  const keys = benchKeys();
  await keys.publish(database.pool);
  const people = await makePeople(database.pool, 1);
  const [person] = people;
  if (person === undefined) throw new Error('there is no person');
  const chat = await makeChat(database.pool, await makeWorkspace(database.pool, people), people);
  const env = {
    FECHATTER_FILES_FOLDER: join(folder, 'files'),
    FECHATTER_FILES_FILE_MAX_BYTES: String(sizeBytes),
    FECHATTER_FILES_WORKSPACE_MAX_BYTES: '0',
  };
  const server = opened.use(await benchService({ kind: 'server', database, keys, folder, nodeArgs, env }));
  const contenders = new Map<Name, Contender>();
  contenders.set('server', serverContender({ server, token: keys.tokenFor(person), chatId: chat.id }, source));
  contenders.set('bare', opened.use(await bareContender(folder, source)));
  if (nginx !== undefined) contenders.set('nginx', opened.use(await nginxContender(folder, nginx, source)));
  const idle = new Map([...contenders].map(([name, { pids }]) => [name, bytesOf(pids)]));
  const transfer = (transfers: readonly Transfer[]) => curlTransfers(curl, join(folder, 'curl.conf'), transfers);

  for (const [name, contender] of contenders) {
    await contender.upload(transfer);
    if ((await sha256Of(contender.download())) !== source.sha256) throw new Error(`${name} serves other bytes`);
  }
  return {
    async measure(name, direction) {
      const contender = contenders.get(name);
      if (contender === undefined) throw new Error(`${name} is not there`);
      const beforeMs = cpuMs(...contender.pids);
      let peakBytes = 0;
      const sample = () => {
        peakBytes = Math.max(peakBytes, bytesOf(contender.pids));
      };
      const sampling = setInterval(sample, SAMPLED_EVERY_MS);
      const startedAtMs = performance.now();
      try {
        if (direction === 'up') await contender.upload(transfer);
        else await transfer([contender.download()]);
      } finally {
        clearInterval(sampling);
      }
      const seconds = (performance.now() - startedAtMs) / 1_000;
      sample();
      return {
        mibPerSecond: sizeBytes / MIB / seconds,
        cpuSecondsPerGib: ((cpuMs(...contender.pids) - beforeMs) / 1_000) * ((1_024 * MIB) / sizeBytes),
        memoryMib: (peakBytes - (idle.get(name) ?? 0)) / MIB,
      };
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

const bytesOf = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + memoryBytes(pid), 0);

async function sha256Of({ url, token }: Transfer): Promise<string> {
  const headers = new Headers(token === undefined ? [] : [['authorization', `Bearer ${token}`]]);
  const { body } = await fetch(url, { headers, signal: AbortSignal.timeout(120_000) });
  const hash = createHash('sha256');
  if (body !== null) for await (const chunk of body) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
