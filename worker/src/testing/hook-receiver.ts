import type { Certificate } from '@fechatter/testing/certificates';
import { until } from '@fechatter/testing/until';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** A request that a receiver of webhooks got. */
export interface Hook {
  readonly id: string;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly body: {
    readonly type: string;
    readonly timestamp: string;
    readonly data: Readonly<Record<string, unknown>>;
  };
}

export interface HookReceiverOptions {
  readonly certificate?: Certificate;
  /** Default: 204 at once. `hooks` already has this one. */
  readonly respond?: (response: ServerResponse, hook: Hook) => unknown;
  readonly onConnection?: (socket: Socket) => void;
}

/** Receives webhooks on this machine. */
export async function hookReceiver({ certificate, respond, onConnection }: HookReceiverOptions = {}) {
  const hooks: Hook[] = [];
  const settings = { respond: respond ?? ((response: ServerResponse) => void response.writeHead(204).end()) };
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const { headers } = request;
      const hook = { id: String(headers['webhook-id']), headers, text, body: JSON.parse(text) as Hook['body'] };
      hooks.push(hook);
      settings.respond(response, hook);
    });
  };
  const server = certificate === undefined ? createServer(listener) : createSecureServer(certificate, listener);
  if (onConnection !== undefined) server.on('connection', onConnection);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: certificate === undefined ? `http://127.0.0.1:${port}/hook` : `https://localhost:${port}/hook`,
    hooks,
    settings,
    kinds: () => hooks.map(({ body }) => body.type),
    has: (count: number) => until(() => hooks.length >= count, `${count} webhooks arrive`),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

/** Verifies a webhook with the library of the standard; throws if it is not signed with the secret. */
export const verified = (secret: string, { text, headers }: Hook): unknown =>
  new Webhook(secret).verify(text, headers as Record<string, string>);
