import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../log/log.ts';
import type { Metrics } from './metrics.ts';

export interface MetricsListener {
  /** The port that it listens on; undefined if it does not. */
  readonly port: number | undefined;
  close(): void;
}

const HOST = '127.0.0.1';
/**
 * The host names that a scraper on this machine uses. A page that reaches this address by DNS rebinding sends another
 * one.
 */
const hosts = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/**
 * Serves `/metrics` to this machine alone, on a separate listener, because behind a proxy every request seems to come
 * from this machine. If the port is taken, that is logged and the service runs without metrics.
 */
export async function listenForMetrics({
  port,
  metrics,
  log,
}: {
  /** 0: not at all. */
  readonly port: number;
  readonly metrics: Metrics;
  readonly log: Log;
}): Promise<MetricsListener> {
  if (port === 0) return { port: undefined, close: () => {} };
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    serve(request, response, metrics).catch((error: unknown) => {
      log.error({ err: error }, 'the metrics cannot be served');
      response.writeHead(500).end();
    });
  });
  server.maxConnections = 20;
  server.on('error', (error) => log.error({ err: error, port }, 'metrics are not served on this machine'));
  const listening = await started(server, port);
  if (listening !== undefined) log.info({ metrics: `http://${HOST}:${listening}/metrics` }, 'metrics are served');
  return {
    port: listening,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function started(server: Server, port: number): Promise<number | undefined> {
  return new Promise((settle) => {
    server.once('error', () => settle(undefined));
    server.listen(port, HOST, () => settle((server.address() as AddressInfo).port));
  });
}

async function serve({ method, url, headers }: IncomingMessage, response: ServerResponse, metrics: Metrics) {
  if (!hosts.test(headers.host ?? '')) response.writeHead(403).end();
  else if (url !== '/metrics') response.writeHead(404).end();
  else if (method !== 'GET') response.writeHead(405, { allow: 'GET' }).end();
  else {
    const text = await metrics.text();
    response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' }).end(text);
  }
}
