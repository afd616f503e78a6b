import type { Queryable } from '@fechatter/drizzle';
import type { ResponseHeaders, Log, Metrics, TokenVerifier } from '@fechatter/service-kit';
import type { ServerResponse } from 'node:http';
import { attach, type StreamRequest } from '../attach/attach.ts';
import type { Streams } from '../attach/streams.ts';
import type { KeepAlive } from '../hub/keep-alive.ts';
import type { Transport } from '../transport/transport.ts';
import { SocketTransport, type WireForm } from '../transport/socket-transport.ts';

/** What the routes need. */
export interface NotifyService {
  readonly streams: Streams;
  readonly keepAlive: KeepAlive;
  readonly verifier: TokenVerifier;
  readonly db: Queryable;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly responseHeaders: ResponseHeaders;
  readonly bufferMaxBytes: number;
  /** The minimum time before a client of the plain stream reconnects. */
  readonly comeBackMs: number;
  /** Aborted when the service stops: streams that still arrive are cut. */
  readonly draining: AbortSignal;
}

/** Makes a response the transport of a stream. */
export function socketTransport(service: NotifyService, response: ServerResponse, form: WireForm): SocketTransport {
  const { streams, bufferMaxBytes, log } = service;
  const onSlowReader = () => {
    streams.counts.slowReaderCuts++;
    log.info({ bufferMaxBytes }, 'cut a stream whose reader is too slow');
  };
  return new SocketTransport({ response, form, turn: streams.turn, bufferMaxBytes, onSlowReader });
}

/** Attaches a stream, unless the service is stopping. */
export async function attachUnlessDraining(
  { streams, draining }: NotifyService,
  request: StreamRequest,
  transport: Transport,
  onAdmitted?: () => void,
): Promise<void> {
  if (draining.aborted) return transport.cut();
  await attach(streams, request, transport, onAdmitted);
}
