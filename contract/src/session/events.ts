import { defineEvent } from '../event/define.ts';
import { Id } from '../ids.ts';

export const sessionEvents = [
  defineEvent({
    kind: 'session.revoked',
    code: 34,
    scope: 'user',
    takesAway: true,
    shape: { sessionId: Id },
    read: ({ subjectId }) => ({ sessionId: subjectId }),
    plain: (e) => ({ event: 'session_revoked', data: { session_id: e.sessionId } }),
  }),
] as const;
