// Reading JSON of other systems: anything may be missing, null or of another type.

export type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object; none for anything else. */
export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** The items of a list; none for anything else. */
export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** A text with something in it. */
export const textIn = (fields: Fields, ...names: readonly string[]): string | undefined =>
  names.map((name) => fields[name]).find((value): value is string => typeof value === 'string' && value.trim() !== '');

/** The texts of a list. */
export const textsIn = (fields: Fields, name: string): readonly string[] =>
  itemsOf(fields[name]).filter((value): value is string => typeof value === 'string' && value !== '');
