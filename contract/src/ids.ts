import { z } from 'zod';

/** A UUID, in lower case. The service makes version 7; a client's own ids may be of any version. */
export const Id = z.uuid().toLowerCase();
/** A place in a chat's or workspace's history: 1, 2, 3, … without gaps; 0 is before the first. */
export const Seq = z.int().nonnegative();

/**
 * The same two in the nouns of answers. The service made them, so that an answer does not pay for looking at each again:
 * that was a tenth of what a page of messages costs. The documents say of them what they say of the others. What is read
 * back from where it was stored, as the facts of events are, is looked at: there it takes {@link Id} and {@link Seq}.
 */
export const OutputId = z.string().meta({ format: 'uuid' });
export const OutputSeq = z.number().meta({ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
