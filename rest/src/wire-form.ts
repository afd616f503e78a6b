import type { z } from 'zod';
import { shapeOf } from './shape.ts';
import { writerOf } from './write-output.ts';

/** Gives values of a schema the names that they have over REST, for what is not the answer of a procedure. */
export function wireFormOf<T>(schema: z.ZodType<unknown, T>): (value: T) => unknown {
  return writerOf(shapeOf(schema, 'output')) ?? ((value) => value);
}
