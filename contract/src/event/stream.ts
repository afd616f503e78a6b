import { z } from 'zod';
import { ResetReason } from './event.ts';
import type { LoggedEvent } from './registry.ts';

/** Where to begin; without it, from now. The response to an unusable token is `reset`, never an error. */
export const EventsInput = z.object({ lastEventId: z.string().max(1_000).nullish() }).optional();

/**
 * The event after which to begin (without it, now), how many events at most, and how long to wait for the first one.
 */
export const EventListInput = z.object({
  since: z.string().max(1_000).optional(),
  limit: z.number().int().min(1).max(500).default(100),
  waitSeconds: z.number().int().min(0).max(25).default(0),
});

/** An event of a list, with its id on a stream. The registry made it, so it is not validated again. */
export const EventListEntry = z.object({
  id: z.string(),
  event: z.custom<LoggedEvent>((value) => typeof value === 'object' && value !== null),
});
export type EventListEntry = z.infer<typeof EventListEntry>;

const page = {
  /** Where to continue. */
  cursor: z.string(),
  /** Whether more events are waiting. */
  hasMore: z.boolean(),
  /** Why the cursor could not be used: then there are no events, and the state must be read again. */
  reset: ResetReason.nullable(),
};
/** The events after a cursor, in order. */
export const EventList = z.object({ events: z.array(EventListEntry), ...page });
export type EventList = z.infer<typeof EventList>;

/** The same in the plain form. */
export const PlainEventList = z.object({
  events: z.array(
    z.object({
      id: z.string(),
      event: z.string(),
      data: z.record(
        z.string(),
        z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.number()).readonly()]),
      ),
    }),
  ),
  ...page,
});
export type PlainEventList = z.infer<typeof PlainEventList>;

/** Works for streams only, for 5 minutes and 20 connections. */
export const Ticket = z.object({ ticket: z.string(), expiresAt: z.date() });
