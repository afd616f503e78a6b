import { z } from 'zod';

/** The stand-in for an unknown id. */
export const NIL_ID = '00000000-0000-0000-0000-000000000000';
/** The stand-in for a text that cannot be read: visible, and valid everywhere. */
export const UNREADABLE = '\uFFFD';

/** Candidates for stand-ins, tried in this order. */
const CANDIDATES = [undefined, null, false, 0, 1, '', UNREADABLE, NIL_ID, []] as const;

/**
 * A value that a schema accepts and that reveals as little as possible: 0, an empty list, the first of an enum. It
 * replaces a stored value that cannot be read. Throws if it finds none.
 */
export function standInFor(schema: z.ZodType): unknown {
  if (schema instanceof z.ZodEnum) return schema.options[0];
  if (schema instanceof z.ZodLiteral) return [...schema.values][0];
  if (schema instanceof z.ZodObject) return standInsFor(schema.shape);
  for (const candidate of CANDIDATES) {
    const { success, data } = schema.safeParse(candidate);
    if (success) return data;
  }
  throw new Error('nothing can stand in for what this schema describes');
}

/** The same for each key of a shape. */
export function standInsFor(shape: z.ZodRawShape): Record<string, unknown> {
  return Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, standInFor(schema as z.ZodType)]));
}
