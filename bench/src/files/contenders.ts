import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@fechatter/testing/free-port';
import { familyOf } from '../frame/process-cost.ts';
import { benchProcess, untilReady } from '../system/bench-process.ts';
import type { BenchService } from '../system/bench-service.ts';
import type { Source } from './source.ts';
import type { Transfer } from './curl.ts';

/** Something that receives and serves the file. */
export interface Contender extends AsyncDisposable {
  readonly pids: readonly number[];
  /** Receives the file with `send`; every call makes another one, which `download` then serves. */
  upload(send: (transfers: readonly Transfer[]) => Promise<unknown>): Promise<void>;
  download(): Transfer;
}

export interface Uploader {
  readonly server: BenchService;
  readonly token: string;
  readonly chatId: string;
}

/** The server: begins, sends the parts, finishes, and sends the file in a message. */
export function serverContender({ server, token, chatId }: Uploader, source: Source): Contender {
  let fileId = '';
  const call = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const response = await fetch(`${server.url}/api${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  };
  return {
    pids: [server.pid],
    async upload(send) {
      const begun = await call('/files', { chat_id: chatId, name: 'source.bin', size: source.sizeBytes });
      fileId = String(begun.file_id);
      await send(
        source.parts.map((from, n) => ({ url: `${server.url}/api/files/${fileId}/parts/${n + 1}`, token, from })),
      );
      await call(`/files/${fileId}/finish`, {});
      await call(`/chats/${chatId}/messages`, { content: '', file_ids: [fileId] });
    },
    download: () => ({ url: `${server.url}/f/${fileId}`, token }),
    async [Symbol.asyncDispose]() {},
  };
}

/** nginx with one worker, which receives by `dav_methods PUT` and serves with `sendfile`. */
export async function nginxContender(folder: string, nginx: string, source: Source): Promise<Contender> {
  const port = await freePort();
  const files = join(folder, 'nginx-files');
  await mkdir(files, { recursive: true });
  const config = join(folder, 'files.conf');
  await writeFile(config, configOf(port, folder, files));
  const running = benchProcess({
    entry: { program: nginx, args: ['-p', folder, '-c', config] },
    logFile: join(folder, 'nginx.log'),
  });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(`${url}/ready`, running);
  return {
    pids: familyOf(running.pid),
    upload: async (send) => void (await send([{ url: `${url}/source`, from: source.whole }])),
    download: () => ({ url: `${url}/source` }),
    [Symbol.asyncDispose]: () => running.stop(),
  };
}

/** The server's own store without the server, in parts as the server gets them, as they are. */
export async function bareContender(folder: string, source: Source): Promise<Contender> {
  const args = ['--import', 'tsx', 'bench/src/files/bare-store-process.ts', join(folder, 'bare-files')];
  const running = benchProcess({ entry: { program: process.execPath, args }, logFile: join(folder, 'bare.log') });
  const [port] = (await once(running.child, 'message')) as [number];
  const url = `http://127.0.0.1:${port}`;
  return {
    pids: [running.pid],
    upload: async (send) =>
      void (await send(
        source.parts.map((from, n) => {
          const number = (n + 1).toString(16).padStart(12, '0');
          return { url: `${url}/00000000-0000-7000-8000-${number}`, from };
        }),
      )),
    download: () => ({ url }),
    [Symbol.asyncDispose]: () => running.stop(),
  };
}

const configOf = (port: number, folder: string, files: string) => `
user root;
daemon off;
worker_processes 1;
pid ${folder}/files.pid;
error_log ${folder}/nginx-error.log warn;
events { worker_connections 64; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  client_max_body_size 0;
  client_body_temp_path ${folder}/nginx-body;
  proxy_temp_path ${folder}/nginx-proxy;
  fastcgi_temp_path ${folder}/nginx-fastcgi;
  scgi_temp_path ${folder}/nginx-scgi;
  uwsgi_temp_path ${folder}/nginx-uwsgi;
  server {
    listen 127.0.0.1:${port};
    root ${files};
    location = /ready { return 204; }
    location / { dav_methods PUT; }
  }
}
`;
