import type { Fields } from '../lenient.ts';

/** Ids are numbers there. */
export const idIn = (fields: Fields, name: string): string | undefined =>
  typeof fields[name] === 'number' ? String(fields[name]) : undefined;
