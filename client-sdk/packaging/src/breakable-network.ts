import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { tcpProxy } from '@fechatter/testing/tcp-proxy';
import type { RunningSystem } from './running-system.ts';

/** Two people's connections to a system, and an address at which the first one's can be cut: `TalkTargets` of the consumer's program. */
export interface Network extends AsyncDisposable {
  readonly targets: {
    readonly alice: { readonly serverUrl: string; readonly notifyUrl: string };
    readonly bob: { readonly serverUrl: string; readonly notifyUrl: string };
    /** It serves an empty page, too, and the program. */
    readonly controlUrl: string;
  };
}

export async function openNetwork({ serverUrl, notifyUrl }: RunningSystem, program: string): Promise<Network> {
  const [toServer, toNotify] = [await tcpProxy(serverUrl), await tcpProxy(notifyUrl)];
  const names = (await readdir(dirname(program))).filter((name) => /\.m?js$/.test(name));
  const scripts = new Map<string | undefined, Buffer>();
  for (const name of names) scripts.set(`/${name}`, await readFile(join(dirname(program), name)));
  const control = createServer((request, response) => {
    if (request.url === '/cut') for (const cable of [toServer, toNotify]) cable.cut();
    if (request.url === '/restore') for (const cable of [toServer, toNotify]) cable.restore();
    const script = scripts.get(request.url);
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
    response.end(script ?? '<!doctype html><title>consumer</title>');
  });
  control.listen(0, '127.0.0.1');
  await once(control, 'listening');
  const address = control.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    targets: {
      alice: { serverUrl: toServer.url, notifyUrl: toNotify.url },
      bob: { serverUrl, notifyUrl },
      controlUrl: `http://127.0.0.1:${port}`,
    },
    async [Symbol.asyncDispose]() {
      control.closeAllConnections();
      control.close();
      for (const cable of [toServer, toNotify]) await cable[Symbol.asyncDispose]();
    },
  };
}
