import { z } from 'zod';

/** A UUID, in lower case. The service makes version 7; a client's own ids may be of any version. */
export const Id = z.uuid().toLowerCase();
/** A place in a chat's or workspace's history: 1, 2, 3, … without gaps; 0 is before the first. */
export const Seq = z.int().nonnegative();
