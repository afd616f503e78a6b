import type { Config } from '@fechatter/service-kit';

/** Where a mail can tell the owner of an address what nobody else is told: whether it has an account. */
export const hidesAccounts = ({ mail }: Pick<Config<'server'>, 'mail'>): boolean => mail.via === 'smtp';
