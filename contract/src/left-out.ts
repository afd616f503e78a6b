import type { z } from 'zod';
import type { Empty } from './message/filled.ts';

type Declared<Shape extends z.ZodRawShape> = {
  [Key in keyof Shape]: Shape[Key] extends z.ZodType ? z.ZodDefault<Shape[Key]> : never;
};

/**
 * Declares keys of a noun that are left out on the wire if they are empty: a response need not have them, the OpenAPI
 * document declares them optional, and readers put `empties` in their place. The types are those of a filled noun;
 * what a server sends is `z.input` of the noun.
 */
export function leftOut<Shape extends z.ZodRawShape>(
  shape: Shape,
  empties: { readonly [Key in keyof Shape]: Empty },
): Declared<Shape> {
  const declared = Object.entries(shape).map(([key, schema]) => {
    const of = schema as z.ZodType;
    if (!of.safeParse(empties[key]).success) throw new Error(`${key} cannot be empty in this way`);
    return [key, of.optional()];
  });
  // Optional at run time, so that what is absent stays absent; a default in types, so that a filled noun has it.
  return Object.fromEntries(declared) as Declared<Shape>;
}

/** Keeps the keys that are not empty and leaves out the others. A list is empty if it has no entries. */
export function notEmpty<Keys extends object>(
  keys: Keys,
  empties: { readonly [Key in keyof Keys]: Empty },
): Partial<Keys> {
  const kept: Partial<Keys> = {};
  for (const key in keys) {
    const value: unknown = keys[key];
    const isEmpty = Array.isArray(value) ? value.length === 0 : value === empties[key];
    if (!isEmpty) kept[key] = keys[key];
  }
  return kept;
}
