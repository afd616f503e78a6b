import { PresenceWatch } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { isStreamId } from '../hub/stream-id.ts';
import { takeFromBudget } from '../take-from-budget.ts';
import { type Context, authed } from '../trpc.ts';

/** A stream of another instance is in the database within about a second of its `ready`. */
const LOOK_AGAIN_MS = [250, 500, 1_000];

export const watch = authed
  .meta({
    keyPermission: 'workspace.read',
    openapi: {
      method: 'POST',
      path: '/presence/watch',
      successStatus: 204,
      summary: 'Watch the presence of people',
      description:
        'Of up to 200 people: the stream that your latest `ready` names in `stream_id` receives the signal `presence` for ' +
        'each of them at once, and whenever it changes. Replaces the people of the previous call. Any instance takes the ' +
        'call; a stream is known to the others within a second or so. Watch again after each `ready` with another ' +
        '`stream_id`. People with whom you share no workspace are shown as `offline`; whom you can see is checked again every 30 ' +
        'seconds. All streams of a person together watch at most 2,000 people.',
      tags: ['presence'],
      refusals: ['session_revoked', 'stream_not_found', 'rate_limited'],
    },
  })
  .input(PresenceWatch)
  .output(z.void())
  .mutation(async ({ ctx, input: { streamId, userIds } }) => {
    const { userId, credential } = ctx.principal;
    takeFromBudget(ctx, 'signal', userId);
    if ((await ctx.sessions.read(credential.sessionId)) === undefined) throw refuse('session_revoked');
    if (!isStreamId(streamId)) throw refuse('stream_not_found');
    const request = { streamId, sessionId: credential.sessionId, userIds: [...new Set(userIds)] };
    let instanceId = await write(ctx, request);
    for (const ms of LOOK_AGAIN_MS) {
      if (instanceId !== undefined) break;
      await wait(ms);
      instanceId = await write(ctx, request);
    }
    if (instanceId === undefined) throw refuse('stream_not_found');
    ctx.presence.hintWatched(streamId, instanceId);
  });

interface WatchRequest {
  readonly streamId: string;
  readonly sessionId: string;
  readonly userIds: readonly string[];
}

/**
 * Writes the people whom a stream watches; returns the stream's instance, undefined if the session has no such stream.
 */
async function write({ db, presence }: Context, request: WatchRequest): Promise<string | undefined> {
  const { streamId, sessionId, userIds } = request;
  const { rows } = await db.query<{ instanceId: string }>({
    name: 'presence-watch',
    text: `update presence_streams set user_ids = $3 where id = $1 and session_id = $2 returning instance_id as "instanceId"`,
    values: [streamId, sessionId, userIds],
  });
  if (rows[0] !== undefined) return rows[0].instanceId;
  if (presence.ownStream(streamId, sessionId) === undefined) return undefined;
  await db.query({
    name: 'presence-watch-own',
    text: `insert into presence_streams (id, instance_id, session_id, user_ids) values ($1, $2, $3, $4)
      on conflict (id) do update set user_ids = excluded.user_ids`,
    values: [streamId, presence.id, sessionId, userIds],
  });
  return presence.id;
}
