import { defineEvent } from '../event/define.ts';
import { Preferences } from './preferences.ts';
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
  defineEvent({
    kind: 'user.preferences',
    code: 24,
    scope: 'user',
    needs: ['preferences'],
    shape: { preferences: Preferences },
    read: ({ preferences }) => ({ preferences }),
    plain: ({ preferences: { showPresence, showReceipts, pushPreviews } }) => ({
      event: 'user_preferences',
      data: { show_presence: showPresence, show_receipts: showReceipts, push_previews: pushPreviews },
    }),
  }),
] as const;
