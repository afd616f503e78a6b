import { UserExport, UserPage } from '@fechatter/contract';
import { userSteps } from '../export/user-steps.ts';
import { readPage } from '../export/walk.ts';
import { exportPages, writtenDown } from '../export/written-down.ts';
import { mustBeFresh } from '../access/must-be-fresh.ts';
import { makeChange } from '../change/change.ts';
import { countExport } from '../export/count-export.ts';
import { authed } from '../procedures.ts';

const pages = exportPages('user.export', userSteps.length);

export const exportUser = authed('read')
  .meta({
    openapi: {
      method: 'GET',
      path: '/users/me/export',
      summary: 'Export your data',
      description:
        'Your account, custom status, sessions, memberships, every message that you sent, your reactions, saved ' +
        'messages, pins and the audit log’s ' +
        'entries about your account, as lines that each have a `type`. Read pages until `next_cursor` is null: a ' +
        'page may have fewer lines than its limit. With `Accept: application/jsonl` you get everything as one stream ' +
        'of JSON Lines, whose last line has the type `end`. To begin one you must have signed in, or called ' +
        '`auth.reauthenticate`, within the last ten minutes. Of files it has the ids and names, in their messages: the content ' +
        'is at `/f/{file_id}`.',
      tags: ['user'],
      refusals: ['reauthentication_needed', 'invalid_cursor', 'rate_limited'],
    },
  })
  .input(UserPage)
  .output(UserExport)
  .query(async ({ ctx, input: { limit, cursor } = {} }) => {
    const { userId: id } = ctx.principal;
    const request = pages.place(cursor);
    if (request === undefined) await mustBeFresh(ctx.deps.db.tables, ctx.principal.credential.sessionId);
    if (request === undefined) await countExport(ctx);
    const line = { action: 'account.exported', userId: id } as const;
    const noted = await makeChange(ctx, (change) => writtenDown(change, id, line, request));
    const { lines, next } = await readPage(ctx.deps, userSteps, { id, callerId: id }, request?.place, limit);
    return { lines, nextCursor: next === undefined ? null : pages.cursor({ place: next, noted }) };
  });
