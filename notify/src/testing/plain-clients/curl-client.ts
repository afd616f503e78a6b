import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documented } from './documented.ts';
import { kept, type PlainClient, type PlainRequest } from './plain-client.ts';

/** Whether this machine has curl, and a shell for the loop around it. */
export const hasCurl: boolean = ['curl', 'sh'].every((name) => spawnSync(name, ['-c', ':']).error === undefined);

/** The loop around curl that docs/plain-sse.md shows, with a shorter pause. */
export async function followByCurl({ url, token }: PlainRequest): Promise<PlainClient> {
  const { take, ...client } = kept();
  const script = (await documented('sh', 'while true')).replace('sleep 1', 'sleep 0.05');
  const folder = await mkdtemp(join(tmpdir(), 'fechatter-curl-'));
  const env = { ...process.env, notify: new URL(url).origin, token };
  const shell = spawn('sh', ['-c', script], { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const closed = once(shell, 'close');
  let line = '';
  let frame: Record<string, string> = {};
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (line + text).split('\n');
    line = lines.pop() ?? '';
    for (const whole of lines) {
      const { event, data, id = client.events.at(-1)?.id ?? '' } = frame;
      if (whole !== '') frame[whole.slice(0, whole.indexOf(':'))] = whole.slice(whole.indexOf(':') + 2);
      else if (event !== undefined && data !== undefined) take({ event, data, id });
      if (whole === '') frame = {};
    }
  });
  return {
    ...client,
    async [Symbol.asyncDispose]() {
      // Kills the process group: the loop and its curl.
      if (shell.pid !== undefined) process.kill(-shell.pid, 'SIGKILL');
      await closed;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
