import { Preferences, PreferencesSet } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { changeOwn } from './change-own.ts';
import { authed } from '../procedures.ts';
import { readPreferences } from './read-preferences.ts';

export const setPreferences = authed('write')
  .meta({
    openapi: {
      method: 'PATCH',
      path: '/users/me/preferences',
      summary: 'Change your preferences',
      description:
        'A missing key changes nothing. `show_presence` false: others see you as offline. `show_receipts` false: others ' +
        'do not see what you have read, and you do not see it of them. `push_previews` true: pushes carry text. ' +
        '`quiet_hours`: when nothing is pushed, or null. Your other devices receive an event.',
      tags: ['user'],
      refusals: ['session_revoked'],
    },
  })
  .input(PreferencesSet)
  .output(Preferences)
  .mutation(async ({ ctx, input }) => {
    const { deps, principal } = ctx;
    const { userId } = principal;
    const showsPresence = await changeOwn(ctx, async (tx, change) => {
      await tx.execute(sql`insert into user_preferences (user_id) values (${userId}) on conflict do nothing`);
      const { rows } = await tx.execute<Row>(sql`
        select show_presence, show_receipts, push_previews, quiet_hours from user_preferences where user_id = ${userId}`);
      const [before] = rows;
      if (before === undefined) throw new Error('a row that was inserted or found is there');
      const after = {
        show_presence: input.showPresence ?? before.show_presence,
        show_receipts: input.showReceipts ?? before.show_receipts,
        push_previews: input.pushPreviews ?? before.push_previews,
        quiet_hours: input.quietHours === undefined ? before.quiet_hours : input.quietHours,
      };
      const quiet = after.quiet_hours === null ? null : JSON.stringify(after.quiet_hours);
      const { rowCount } = await tx.execute(sql`
        update user_preferences p set show_presence = ${after.show_presence}, show_receipts = ${after.show_receipts},
          push_previews = ${after.push_previews}, quiet_hours = ${quiet}::jsonb
        where user_id = ${userId} and (show_presence, show_receipts, push_previews, quiet_hours) is distinct from
          (${after.show_presence}::boolean, ${after.show_receipts}::boolean, ${after.push_previews}::boolean, ${quiet}::jsonb)`);
      if (rowCount !== 0) change.announceToUser(userId, 'user.preferences', {}, { subjectId: userId });
      return after.show_presence === before.show_presence ? undefined : after.show_presence;
    });
    if (showsPresence !== undefined) deps.signals.hint({ kind: 'presence.changed', userId });
    return readPreferences(deps.db.pool, userId);
  });

interface Row extends Record<string, unknown> {
  readonly show_presence: boolean;
  readonly show_receipts: boolean;
  readonly push_previews: boolean;
  readonly quiet_hours: object | null;
}
