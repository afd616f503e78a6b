import { z } from 'zod';

/** Where to begin; without it, from now. An unusable token is answered with `reset`, never with an error. */
export const EventsInput = z.object({ lastEventId: z.string().max(1_000).nullish() }).optional();
/** Good for streams only, for 5 minutes and 20 connects. */
export const Ticket = z.object({ ticket: z.string(), expiresAt: z.date() });
