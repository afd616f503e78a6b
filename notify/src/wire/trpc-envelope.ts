import superjson from 'superjson';

/**
 * Options that stock clients receive on tRPC's wire when a stream opens: pings come regularly, so silence means a dead
 * connection.
 */
export interface SseClientOptions {
  readonly reconnectAfterInactivityMs: number;
}

/** The first frame of a stream on tRPC's wire. */
export function connectedBytes(client: SseClientOptions): Buffer {
  return Buffer.from(`event: connected\ndata: ${JSON.stringify(client)}\n\n\n`);
}

/** An error on tRPC's wire, after which the stream ends. */
export function errorBytes(shape: object): Buffer {
  return Buffer.from(`event: serialized-error\ndata: ${JSON.stringify(superjson.serialize(shape))}\n\n\n`);
}
