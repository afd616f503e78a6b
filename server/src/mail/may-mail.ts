import { networksOf } from '@fechatter/service-kit';
import type { LimitedCall, RateLimits } from '../limits/rate-limits.ts';

interface MailingCall extends Pick<LimitedCall, 'address'> {
  readonly deps: { readonly limits: Pick<RateLimits, 'isWithin'> };
}

/**
 * Counts a mail that any caller can request for this address. First by where the request comes from, the narrowest first: what
 * others ask for must not keep its owner from getting a mail, even if they have a whole network. Then in total, so
 * that no mailbox is flooded from many places.
 */
export async function mayMail({ address: from, deps }: MailingCall, to: string): Promise<boolean> {
  const { limits } = deps;
  const [narrowest, ...wider] = networksOf(from);
  return (
    (await limits.isWithin('mailToByAddress', narrowest, to)) &&
    (await limits.isWithin('mailToByNetwork', wider.at(-1) ?? narrowest, to)) &&
    (await limits.isWithin('mailTo', to))
  );
}
