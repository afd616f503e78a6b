import { type Cursor, encodeCursor, type Event, plainForm } from '@fechatter/contract';
import { serialized } from './serialized.ts';

/** Bytes that are written to streams, in each wire format. One frame is shared by all its receivers. */
export interface Frame {
  readonly trpc: Buffer;
  readonly plain: Buffer;
  /** The event in it; a ping has none. */
  readonly tracked: { readonly token: string; readonly event: Event } | undefined;
}

/** An event at its position in the log. Its bytes are made on first use. */
export class EventFrame implements Frame {
  readonly tracked: { readonly token: string; readonly event: Event };
  #trpc: Buffer | undefined;
  #plain: Buffer | undefined;

  constructor(token: string, event: Event) {
    this.tracked = { token, event };
  }

  get trpc(): Buffer {
    this.#trpc ??= Buffer.from(`data: ${serialized(this.tracked.event)}\nid: ${this.tracked.token}\n\n\n`);
    return this.#trpc;
  }

  get plain(): Buffer {
    if (this.#plain === undefined) {
      const { event, data } = plainForm(this.tracked.event);
      this.#plain = Buffer.from(`event: ${event}\ndata: ${JSON.stringify(data)}\nid: ${this.tracked.token}\n\n`);
    }
    return this.#plain;
  }
}

/** The frame of a live connection, and up to which cursor its reader has everything. */
export function readyFrame(cursor: Cursor, resumed: boolean, streamId: string): EventFrame {
  const token = encodeCursor(cursor);
  return new EventFrame(token, { kind: 'ready', cursor: token, resumed, streamId });
}

/** The frame for a reader whose token could not be used. */
export function resetFrame(cursor: Cursor, reason: Extract<Event, { kind: 'reset' }>['reason']): EventFrame {
  const token = encodeCursor(cursor);
  return new EventFrame(token, { kind: 'reset', cursor: token, reason });
}

/**
 * Keeps a connection alive and, if `cursor` is given, moves the position from which its client will resume. On tRPC's
 * wire a ping has no id, so a second frame of tRPC's own contains it: a frame with only an id is dropped.
 */
export function pingFrame(cursor: Cursor | undefined): Frame {
  const token = cursor && encodeCursor(cursor);
  return {
    trpc: Buffer.from(
      `event: ping\ndata: \n\n\n${token === undefined ? '' : `event: restore-id\ndata: \nid: ${token}\n\n\n`}`,
    ),
    plain: Buffer.from(`event: ping\ndata: {}\n${token === undefined ? '' : `id: ${token}\n`}\n`),
    tracked: undefined,
  };
}
