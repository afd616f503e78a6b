import type { LimitedCall, RateLimits } from '../limits/rate-limits.ts';
import { limitedAddress } from '../limits/limited-address.ts';

interface MailingCall extends Pick<LimitedCall, 'address'> {
  readonly deps: { readonly limits: Pick<RateLimits, 'isWithin'> };
}

/**
 * Counts a mail that anybody can have sent to this address. By the network of whoever asks first: guesses of others
 * must not keep its owner from getting one. Together they are bounded too, so that no mailbox is flooded from many places.
 */
export async function mayMail({ address: from, deps }: MailingCall, to: string): Promise<boolean> {
  return (
    (await deps.limits.isWithin('mailToByNetwork', limitedAddress(from), to)) && deps.limits.isWithin('mailTo', to)
  );
}
