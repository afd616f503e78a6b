import { ExternalUser, User } from '@fechatter/contract';
import { withServiceKey } from '../access/service-procedures.ts';
import { closeAccount } from '../erasure/close-account.ts';
import { wipeAccount } from '../erasure/wipe-accounts.ts';
import { adminMeta } from './admin-meta.ts';
import { externalPerson } from './external.ts';
import { readUser } from './read-user.ts';

/** If wiping takes longer than this, the response is sent earlier and a worker continues. */
const WIPE_WAIT_MS = 5_000;

export const eraseUser = withServiceKey('users')
  .meta(
    adminMeta(
      'erase-user',
      'Erase a person',
      'This cannot be undone; see `user.erase`. Afterwards the `external_id` is free: a later user with it is another ' +
        'person. Returns what is left of the account. If the person is the only Owner of a workspace with other ' +
        'members, make someone else Owner first (`last_owner`).',
      ['user_not_found', 'last_owner'],
    ),
  )
  .input(ExternalUser)
  .output(User)
  .mutation(async ({ ctx, input }) => {
    const { deps } = ctx;
    const userId = await externalPerson(deps.db.tables, ctx.serviceKey, input.externalId);
    deps.revoked.add(await closeAccount(ctx, userId));
    await wipeAccount(deps, userId, AbortSignal.timeout(WIPE_WAIT_MS)).catch((err: unknown) =>
      deps.log.warn({ err, userId }, 'an erased account is not wiped yet; a worker continues'),
    );
    return readUser(deps.db, userId);
  });
