import { UserExport, UserPage } from '@fechatter/contract';
import { userSteps } from '../export/user-steps.ts';
import { Place, readPage } from '../export/walk.ts';
import { makeChange } from '../door/change.ts';
import { pagesOf } from '../page-cursor.ts';
import { authed } from '../procedures.ts';

const pages = pagesOf(
  'user.export',
  Place.refine(({ step }) => step < userSteps.length),
  (place: Place) => place,
);

export const exportUser = authed
  .meta({
    openapi: {
      method: 'GET',
      path: '/users/me/export',
      summary: 'Export what is yours',
      description:
        'Your account, sessions, memberships, every message that you have sent and what the audit log has about your ' +
        'account, in lines that each say their `type`. Page until `next_cursor` is null: a page may have fewer lines than ' +
        'its limit. With `Accept: application/jsonl` all of it comes as one stream of JSON Lines, ended by a line of type `end`.',
      tags: ['user'],
      refusals: ['invalid_cursor'],
    },
  })
  .input(UserPage)
  .output(UserExport)
  .query(async ({ ctx, input: { limit, cursor } = {} }) => {
    const { id } = ctx.user;
    const place = pages.place(cursor);
    // Nothing is handed out that is not written down before.
    if (place === undefined) await makeChange(ctx, async (change) => change.note('account.exported', { userId: id }));
    const { lines, next } = await readPage(ctx.deps, userSteps, { id, callerId: id }, place, limit);
    return { lines, nextCursor: next === undefined ? null : pages.cursor(next) };
  });
