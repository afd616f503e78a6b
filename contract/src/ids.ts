import { z } from 'zod';

/** A UUID, in lower case. The service creates version 7; a client's own ids may have any version. */
export const Id = z.uuid().toLowerCase();
/** A position in a chat's or workspace's history: 1, 2, 3, … without gaps; 0 is before the first. */
export const Seq = z.int().nonnegative();

/**
 * The same two in the nouns of responses. The service made them, so they are not validated again: that was a tenth of
 * the cost of a page of messages. The OpenAPI documents describe both kinds alike. Values that are read back from
 * storage, such as the facts of events, are validated: they use {@link Id} and {@link Seq}.
 */
export const OutputId = z.string().meta({ format: 'uuid' });
export const OutputSeq = z.number().meta({ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
