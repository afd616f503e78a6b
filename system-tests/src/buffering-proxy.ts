import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A buffering proxy: it passes a response on only when it is complete. */
export interface BufferingProxy extends AsyncDisposable {
  readonly url: string;
}

export async function bufferingProxy(serviceUrl: string): Promise<BufferingProxy> {
  const server = createServer((asked, answer) => {
    const { method, url, headers } = asked;
    const onward = request(new URL(url ?? '/', serviceUrl), { method, headers }, (answered) => {
      const chunks: Buffer[] = [];
      answered.on('data', (chunk: Buffer) => chunks.push(chunk));
      answered.on('end', () => {
        answer.writeHead(answered.statusCode ?? 502, answered.headers);
        answer.end(Buffer.concat(chunks));
      });
      answered.on('error', () => answer.destroy());
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    asked.pipe(onward);
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
