import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { cableTo } from '../../src/testing/cable.ts';
import type { RunningSystem } from './running-system.ts';

/** Two people's ways to a system, and a place where the first one's can be cut: `TalkPlace` of the stranger's program. */
export interface Line extends AsyncDisposable {
  readonly place: {
    readonly alice: { readonly serverUrl: string; readonly notifyUrl: string };
    readonly bob: { readonly serverUrl: string; readonly notifyUrl: string };
    /** It serves an empty page, too, and the program. */
    readonly lineUrl: string;
  };
}

export async function openLine({ serverUrl, notifyUrl }: RunningSystem, program: string): Promise<Line> {
  const [toServer, toNotify] = [await cableTo(serverUrl), await cableTo(notifyUrl)];
  const code = await readFile(program);
  const control = createServer((request, response) => {
    if (request.url === '/cut') for (const cable of [toServer, toNotify]) cable.cut();
    if (request.url === '/mend') for (const cable of [toServer, toNotify]) cable.mend();
    const isCode = request.url === '/consumer.mjs';
    response.setHeader('content-type', isCode ? 'text/javascript' : 'text/html');
    response.end(isCode ? code : '<!doctype html><title>stranger</title>');
  });
  control.listen(0, '127.0.0.1');
  await once(control, 'listening');
  const address = control.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    place: {
      alice: { serverUrl: toServer.url, notifyUrl: toNotify.url },
      bob: { serverUrl, notifyUrl },
      lineUrl: `http://127.0.0.1:${port}`,
    },
    async [Symbol.asyncDispose]() {
      control.closeAllConnections();
      control.close();
      for (const cable of [toServer, toNotify]) await cable[Symbol.asyncDispose]();
    },
  };
}
