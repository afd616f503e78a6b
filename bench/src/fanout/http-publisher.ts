import { Agent, request } from 'node:http';

/** Posts a body over a kept-alive connection; resolves with the time (process.hrtime) at which it was sent. */
export function httpPublisher(port: number): { post(path: string, body: string): Promise<bigint>; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return {
    post: (path, body) =>
      new Promise((resolve, reject) => {
        const sentAtNs = process.hrtime.bigint();
        const headers = { 'content-length': Buffer.byteLength(body), 'content-type': 'text/plain' };
        const sent = request({ host: '127.0.0.1', port, path, method: 'POST', agent, headers }, (response) => {
          response.resume();
          response.once('end', () => {
            if ((response.statusCode ?? 500) < 300) resolve(sentAtNs);
            else reject(new Error(`publishing returned ${response.statusCode}`));
          });
        });
        sent.on('error', reject);
        sent.end(body);
      }),
    close: () => agent.destroy(),
  };
}
