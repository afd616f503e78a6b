import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@fechatter/testing/free-port';
import { familyOf } from '../frame/process-cost.ts';
import { benchProcess, untilReady } from '../system/bench-process.ts';
import { type Contender, type Crowd, headOf } from './contender.ts';
import { httpPublisher } from './http-publisher.ts';

export interface NchanOptions {
  readonly folder: string;
  readonly nginx: string;
  readonly module: string;
  readonly crowd: Crowd;
  readonly frameOf: (mark: number) => string;
}

/** nchan in one nginx worker. It receives our frames whole and passes them on unchanged (`http-raw-stream`). */
export async function nchanContender({ folder, nginx, module, crowd, frameOf }: NchanOptions): Promise<Contender> {
  const port = await freePort();
  const configFile = join(folder, `nchan-${port}.conf`);
  await writeFile(configFile, configOf({ port, folder, module }));
  const running = benchProcess({
    entry: { program: nginx, args: ['-p', folder, '-c', configFile] },
    logFile: join(folder, 'nchan.log'),
  });
  await untilReady(`http://127.0.0.1:${port}/ready`, running);
  const publisher = httpPublisher(port);
  const workers = familyOf(running.pid);
  return {
    name: 'nchan',
    pids: () => workers,
    readyMark: '\r\n\r\n',
    requestOf: (subscriber) => ({ port, head: headOf(`/sub?id=${subscriber % crowd.rooms}`) }),
    publish: (room, mark) => publisher.post(`/pub?id=${room}`, frameOf(mark)),
    async [Symbol.asyncDispose]() {
      publisher.close();
      await running.stop();
    },
  };
}

const configOf = ({ port, folder, module }: { port: number; folder: string; module: string }) => `
load_module ${module};
user root;
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid ${folder}/nchan-${port}.pid;
error_log ${folder}/nchan-error.log warn;
events { worker_connections 19000; }
http {
  access_log off;
  client_body_temp_path ${folder}/nchan-body;
  proxy_temp_path ${folder}/nchan-proxy;
  fastcgi_temp_path ${folder}/nchan-fastcgi;
  scgi_temp_path ${folder}/nchan-scgi;
  uwsgi_temp_path ${folder}/nchan-uwsgi;
  keepalive_requests 100000000;
  nchan_shared_memory_size 256m;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /ready { return 204; }
    location = /pub { nchan_publisher; nchan_channel_id $arg_id; nchan_message_buffer_length 10; nchan_message_timeout 5s; }
    location = /sub { nchan_subscriber http-raw-stream; nchan_channel_id $arg_id; nchan_subscriber_first_message newest; }
  }
}
`;
