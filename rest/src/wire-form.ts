import type { z } from 'zod';
import { shapeOf } from './shape.ts';
import { writerOf } from './write-output.ts';

/** Renames the keys of values of a schema to REST's names, for values that no procedure returns. */
export function wireFormOf<T>(schema: z.ZodType<unknown, T>): (value: T) => unknown {
  return writerOf(shapeOf(schema, 'output')) ?? ((value) => value);
}
