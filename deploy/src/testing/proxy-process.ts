import { freePort } from '@fechatter/testing/free-port';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:tls';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { root } from '../build/root.ts';

/** nginx with our own configuration. */
export interface ProxyProcess extends AsyncDisposable {
  readonly port: number;
  /** What it has written to its error log. */
  readonly errors: () => string;
}

interface ProxyOptions {
  /** The folder for its configuration, pid file and temporary files. */
  readonly folder: string;
  /** The address for each name in the configuration: `server-1:6688` becomes `127.0.0.1:<port>`. */
  readonly addresses: Readonly<Record<string, string>>;
  /** The folder with `public.crt`, `public.key` and `public-ca.crt`. */
  readonly secrets: string;
  /** Default: a free port. */
  readonly port?: number;
}

const READY_MAX_MS = 60_000;

/** Starts nginx with the deployed configuration, except for names, ports and folders. */
export async function proxyProcess({ folder, addresses, secrets, ...options }: ProxyOptions): Promise<ProxyProcess> {
  const port = options.port ?? (await freePort());
  let text = await readFile(join(root, 'deploy/nginx/nginx.conf'), 'utf8');
  const places = {
    ...addresses,
    '/tmp/': `${folder}/`,
    '/run/secrets/public-certificate': join(secrets, 'public.crt'),
    '/run/secrets/public-key': join(secrets, 'public.key'),
    'listen 8443': `listen 127.0.0.1:${port}`,
    '/dev/stdout': join(folder, 'access.log'),
  };
  for (const [there, here] of Object.entries(places)) text = text.replaceAll(there, here);
  const file = join(folder, 'nginx.conf');
  await writeFile(file, text);
  const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;
  const nginx = spawn('nginx', ['-c', file, '-p', folder, '-g', 'daemon off;'], {
    env: { PATH },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  nginx.stderr.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const ended = once(nginx, 'exit');
  const ca = await readFile(join(secrets, 'public-ca.crt'), 'utf8');
  const deadline = performance.now() + READY_MAX_MS;
  while (!(await responds(port, ca))) {
    if (nginx.exitCode !== null || performance.now() > deadline) throw new Error(`nginx does not respond: ${output}`);
    await wait(50);
  }
  return {
    port,
    errors: () => output,
    async [Symbol.asyncDispose]() {
      nginx.kill('SIGTERM');
      await ended;
    },
  };
}

/** Whether it responds with the certificate that the authority signed for localhost. */
function responds(port: number, ca: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca }, () => {
      socket.destroy();
      resolve(socket.authorized);
    });
    socket.once('error', () => resolve(false));
  });
}
