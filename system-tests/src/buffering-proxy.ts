import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A buffering proxy: it passes a response on only when it is complete. */
export interface BufferingProxy extends AsyncDisposable {
  readonly url: string;
}

export async function bufferingProxy(serviceUrl: string): Promise<BufferingProxy> {
  const server = createServer((near, response) => {
    const { method, url, headers } = near;
    const onward = request(new URL(url ?? '/', serviceUrl), { method, headers }, (received) => {
      const chunks: Buffer[] = [];
      received.on('data', (chunk: Buffer) => chunks.push(chunk));
      received.on('end', () => {
        response.writeHead(received.statusCode ?? 502, received.headers);
        response.end(Buffer.concat(chunks));
      });
      received.on('error', () => response.destroy());
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    near.pipe(onward);
  });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((settle) => server.close(settle));
    },
  };
}
