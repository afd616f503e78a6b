import { Opaque, Session } from '@fechatter/contract';
import { limitedAddress, refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { makeChange } from '../change/change.ts';
import { limitedOpen } from '../access/limited-procedures.ts';
import { revokeSessions } from './revoke-sessions.ts';
import { placeOf } from './place.ts';
import { livingSession, rotate } from './rotate.ts';
import { sessionResponse } from './session-response.ts';

export const refresh = limitedOpen('refresh')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/refresh',
      successStatus: 200,
      summary: 'Refresh the session',
      description:
        'Returns a new access token and the next refresh token; the token that you sent is used up. If the response ' +
        'was lost, send the same token again within 60 s to get its successor; from the same IP address and user ' +
        'agent you get exactly the same one. An older token counts as stolen and ends the session; so does a ' +
        'successor that was issued to another place once a different copy of it has been used. A session ends 30 ' +
        'days after its last use, and 90 days after it began at the latest.',
      tags: ['auth'],
      refusals: ['refresh_invalid', 'rate_limited'],
      isProtected: false,
    },
  })
  .input(z.object({ refreshToken: Opaque }))
  .output(Session)
  .mutation(async ({ ctx, input }) => {
    const { deps } = ctx;
    await deps.limits.take(ctx, 'refresh');
    const presented = deps.refreshTokens.decode(input.refreshToken);
    if (presented === undefined) throw refuse('refresh_invalid');
    const next = deps.refreshTokens.next(presented, placeOf(ctx));
    const rotated = await rotate(ctx, presented, next);
    if (rotated !== undefined) return sessionResponse(deps, rotated, next);

    const session = await livingSession(deps.db, presented.sessionId);
    const steps = session === undefined ? 0 : session.refresh_number - presented.number;
    if (session === undefined || steps < 1) throw refuse('refresh_invalid');
    const isOfChain = () => deps.refreshTokens.leadsTo(presented, session.refresh_number, session.refresh_hash);
    const isOfCopy = (presented.copy ?? NO_COPY).equals(session.refresh_copy ?? NO_COPY);
    if (steps === 1 && session.is_fresh && isOfCopy && isOfChain()) return sessionResponse(deps, session, next);
    if (presented.copy === null) {
      // Anyone can forge such a token. Counted also by address, so that a forger does not use up the owner's limit.
      await deps.limits.take(ctx, 'refreshReuse', session.session_id, limitedAddress(ctx.address));
      if (!isOfChain()) throw refuse('refresh_invalid');
    }
    const revoked = await makeChange(ctx, (change) =>
      revokeSessions(change, session.user_id, { only: session.session_id }),
    );
    deps.revoked.add(revoked);
    deps.log.warn({ sessionId: session.session_id }, 'a used refresh token came back: session revoked');
    throw refuse('refresh_invalid');
  });

const NO_COPY = Buffer.alloc(0);
