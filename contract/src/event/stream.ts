import { z } from 'zod';
import { ResetReason } from './event.ts';
import type { LoggedEvent } from './registry.ts';

/** Where to begin; without it, from now. An unusable token is answered with `reset`, never with an error. */
export const EventsInput = z.object({ lastEventId: z.string().max(1_000).nullish() }).optional();

/** Behind which event to begin (without it, now), how many at most, and how long to wait for the first one. */
export const EventListInput = z.object({
  since: z.string().max(1_000).optional(),
  limit: z.number().int().min(1).max(500).default(100),
  waitSeconds: z.number().int().min(0).max(25).default(0),
});

/** An event of a list, with the id that it has on a stream. It is as the registry made it, so it is not read again. */
export const EventListEntry = z.object({
  id: z.string(),
  event: z.custom<LoggedEvent>((value) => typeof value === 'object' && value !== null),
});
export type EventListEntry = z.infer<typeof EventListEntry>;

const page = {
  /** Where to go on. */
  cursor: z.string(),
  /** There are more already. */
  hasMore: z.boolean(),
  /** Why the place could not be honoured: there are no events then, and state must be read again. */
  reset: ResetReason.nullable(),
};
/** What happened behind a place, in order. */
export const EventList = z.object({ events: z.array(EventListEntry), ...page });
export type EventList = z.infer<typeof EventList>;

/** The same in the plain form. */
export const PlainEventList = z.object({
  events: z.array(
    z.object({
      id: z.string(),
      event: z.string(),
      data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    }),
  ),
  ...page,
});
export type PlainEventList = z.infer<typeof PlainEventList>;

/** Good for streams only, for 5 minutes and 20 connects. */
export const Ticket = z.object({ ticket: z.string(), expiresAt: z.date() });
