import { Opaque, Session } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { makeChange } from '../change/change.ts';
import { limitedOpen } from '../access/limited-procedures.ts';
import { revokeSessions } from './revoke-sessions.ts';
import { livingSession, rotate } from './rotate.ts';
import { sessionAnswer } from './session-answer.ts';

export const refresh = limitedOpen('refresh')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/refresh',
      successStatus: 200,
      summary: 'Refresh the session',
      description:
        'Answers a new access token and the next refresh token; the one that was sent is used up. Whose answer was ' +
        'lost may send the same one again within 60 s and gets the same successor. An older one means that it was ' +
        'stolen: the session ends. A session lasts 30 days from its last use, 90 at most.',
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
    const next = deps.refreshTokens.next(presented);
    const rotated = await rotate(deps, presented, next);
    if (rotated !== undefined) return sessionAnswer(deps, rotated, next);

    const session = await livingSession(deps.db, presented.sessionId);
    const steps = session === undefined ? 0 : session.refresh_number - presented.number;
    if (session === undefined || steps < 1) throw refuse('refresh_invalid');
    const isGenuine = () => deps.refreshTokens.leadsTo(presented, session.refresh_number, session.refresh_hash);
    if (steps === 1 && session.is_fresh && isGenuine()) return sessionAnswer(deps, session, next);
    await deps.limits.take(ctx, 'refreshReuse', session.session_id);
    if (isGenuine()) {
      const revoked = await makeChange(ctx, (change) =>
        revokeSessions(change, session.user_id, { only: session.session_id }),
      );
      deps.revoked.add(revoked);
      deps.log.warn({ sessionId: session.session_id }, 'a used refresh token came back: session revoked');
    }
    throw refuse('refresh_invalid');
  });
