import { ExternalUser, Session } from '@fechatter/contract';
import { withServiceKey } from '../access/service-procedures.ts';
import { openSessionOf } from '../auth/open-session-of.ts';
import { adminMeta } from './admin-meta.ts';
import { externalPerson } from './external.ts';

export const createSession = withServiceKey('sessions')
  .meta(
    adminMeta(
      'create-session',
      'Sign a person in',
      'Opens a session for one of the app’s people, to be passed only to their browser: it can do what ' +
        'the person can. It is listed among their sessions, with the address and agent of this call until the browser ' +
        'refreshes it.',
      ['user_not_found', 'account_suspended'],
    ),
  )
  .input(ExternalUser)
  .output(Session)
  .mutation(async ({ ctx, input }) =>
    openSessionOf(ctx, await externalPerson(ctx.deps.db.tables, ctx.serviceKey, input.externalId)),
  );
