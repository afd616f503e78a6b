import { defineEvent } from '../event/define.ts';
import { MemberUser } from './user.ts';

export const userEvents = [
  defineEvent({
    kind: 'user.updated',
    code: 23,
    scope: 'user',
    needs: ['user'],
    changes: ['user'],
    shape: { user: MemberUser },
    read: ({ user }) => ({ user }),
    plain: (e) => ({ event: 'user_update', data: { user_id: e.user.id } }),
  }),
] as const;
