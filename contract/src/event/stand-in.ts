import { z } from 'zod';

/** Stands for an id that is not known. */
export const NIL_ID = '00000000-0000-0000-0000-000000000000';
/** Stands for a text that cannot be read: it must be seen, and must not stop anything. */
export const UNREADABLE = '\uFFFD';

/** The least that can be said, tried in this order. */
const CANDIDATES = [undefined, null, false, 0, 1, '', UNREADABLE, NIL_ID, []] as const;

/**
 * A value that a schema accepts and that says as little as possible: 0, an empty list, the first of an enum. It stands
 * for what was stored and cannot be understood. Throws where there is none that it can find.
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
