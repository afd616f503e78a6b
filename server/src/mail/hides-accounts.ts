import type { Config } from '@fechatter/service-kit';

/** Where only a mail to its owner reveals whether an address has an account. */
export const hidesAccounts = ({ mail }: Pick<Config<'server'>, 'mail'>): boolean => mail.via === 'smtp';
