import type { LookUp } from './noun.ts';

/** A join as a look-up: no plan, however wrong its estimated number of rows, can turn it into a scan of the table. */
export const lookUp = ({ table, as, where, reads }: LookUp): string =>
  `left join lateral (select ${reads.join(', ')} from ${table} where ${where} limit 1) ${as} on true`;
