import { events } from './events.ts';
import { list } from './list.ts';
import { ticket } from './ticket.ts';

export const notification = {
  /** Everything that the caller can see, live and in order; continues after the last event that the client has. */
  events,
  /** The same events in pages, for clients that cannot hold a stream. */
  list,
  /** A short-lived key to streams, for pages that cannot send headers. */
  ticket,
};
