import { freePort } from '@fechatter/testing/free-port';
import { until } from '@fechatter/testing/until';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether ClamAV's daemon is installed. */
export const hasClamd = spawnSync('clamd', ['--version']).status === 0;

/** What the only signature of {@link startClamd} matches. */
export const VIRUS = 'fechatter test virus, as harmless as EICAR';

/** Starts ClamAV's own daemon with one signature, and room for `streamMaxBytes`. */
export async function startClamd({ streamMaxBytes }: { readonly streamMaxBytes: number }) {
  const folder = await mkdtemp(join(tmpdir(), 'fechatter-clamd-'));
  const port = await freePort();
  const settings = join(folder, 'clamd.conf');
  await writeFile(join(folder, 'test.ndb'), `Fechatter.Test:0:*:${Buffer.from(VIRUS).toString('hex')}\n`);
  await writeFile(
    settings,
    `TCPSocket ${port}\nTCPAddr 127.0.0.1\nDatabaseDirectory ${folder}\nTemporaryDirectory ${folder}\nStreamMaxLength ${streamMaxBytes}\nForeground yes\n`,
  );
  const daemon = spawn('clamd', ['--config-file', settings], { stdio: 'ignore' });
  const ended = once(daemon, 'exit');
  await until(() => answers(port), 'clamd listens', 60_000);
  return {
    host: '127.0.0.1',
    port,
    async [Symbol.asyncDispose]() {
      daemon.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
