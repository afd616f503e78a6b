import { events } from './events.ts';
import { ticket } from './ticket.ts';

export const notification = {
  /** Everything that the caller may see, live and in order; continues behind the last event that the client has. */
  events,
  /** A short-lived key to streams, for pages that cannot send headers. */
  ticket,
};
