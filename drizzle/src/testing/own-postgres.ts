import { type EmbeddedPostgres, startPostgres } from '@fechatter/embedded-postgres';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A separate Postgres for one test, in the version under test: it can be killed, and other tests' transactions are not
 * in its snapshots.
 */
export interface OwnPostgres extends AsyncDisposable {
  /** The URL for a superuser; the same after a restart. */
  readonly url: string;
  /** Kills it as a power cut would, and resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
}

export async function ownPostgres(): Promise<OwnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'fechatter-test-'));
  // Set by .ci/test-on-postgres; everything else runs on the newest.
  const binDir = process.env.FECHATTER_TEST_POSTGRES_BIN;
  const options = { dataDir: join(folder, 'postgres'), durable: false, ...(binDir && { binDir }) };
  let running: EmbeddedPostgres = await startPostgres(options);
  const { port, url } = running;
  return {
    url,
    async kill() {
      process.kill(running.pid, 'SIGKILL');
      await running.exited;
    },
    async restart() {
      running = await startPostgres({ ...options, port });
    },
    async [Symbol.asyncDispose]() {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
