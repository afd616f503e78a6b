import type { LookUp } from './noun.ts';

/** As a look-up: no plan, however wrong its guess of the number of rows, can make it a scan of the table. */
export const lookUp = ({ table, as, where, reads }: LookUp): string =>
  `left join lateral (select ${reads.join(', ')} from ${table} where ${where} limit 1) ${as} on true`;
