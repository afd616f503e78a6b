import { type Agent, request } from 'node:http';

/** Sends a message as the stock client does, with `body` as the request body. Throws if the response is not 200. */
export function postMessage(agent: Agent, port: number, token: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const options = { host: '127.0.0.1', port, path: '/trpc/message.send', method: 'POST', agent, headers };
    const sent = request(options, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`message.send returned ${response.statusCode}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
