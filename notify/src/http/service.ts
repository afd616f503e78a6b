import type { Queryable } from '@fechatter/drizzle';
import type { AnswerHeaders, Log, Metrics, TokenVerifier } from '@fechatter/service-kit';
import type { ServerResponse } from 'node:http';
import { attach, type StreamRequest } from '../attach/attach.ts';
import type { Streams } from '../attach/streams.ts';
import type { KeepAlive } from '../hub/keep-alive.ts';
import type { Outlet } from '../outlet/outlet.ts';
import { SocketOutlet, type WireForm } from '../outlet/socket-outlet.ts';

/** What the routes stand on. */
export interface NotifyService {
  readonly streams: Streams;
  readonly keepAlive: KeepAlive;
  readonly verifier: TokenVerifier;
  readonly db: Queryable;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly answers: AnswerHeaders;
  readonly bufferMaxBytes: number;
  /** How long a client of the plain stream waits at least before it connects again. */
  readonly comeBackMs: number;
  /** Aborted when the service stops: streams that still come are cut. */
  readonly draining: AbortSignal;
}

/** Makes a response the outlet of a stream. */
export function socketOutlet(service: NotifyService, response: ServerResponse, form: WireForm): SocketOutlet {
  const { streams, bufferMaxBytes, log } = service;
  const onSlowReader = () => {
    streams.counts.slowReaderCuts++;
    log.info({ bufferMaxBytes }, 'cut a stream whose reader is too slow');
  };
  return new SocketOutlet({ response, form, turn: streams.turn, bufferMaxBytes, onSlowReader });
}

/** Attaches a stream, unless the service is stopping. */
export async function attachUnlessDraining(
  { streams, draining }: NotifyService,
  request: StreamRequest,
  outlet: Outlet,
  onAdmitted?: () => void,
): Promise<void> {
  if (draining.aborted) return outlet.cut();
  await attach(streams, request, outlet, onAdmitted);
}
