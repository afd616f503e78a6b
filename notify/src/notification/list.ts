import { EventList, EventListInput, PlainEventList, plainForm } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { ListTransport } from '../transport/list-transport.ts';
import { authed } from '../trpc.ts';

/** A longer replay is cut off, and the list contains what was read. */
const REPLAY_MAX_MS = 20_000;

export const list = authed
  .meta({
    keyPermission: 'all of a stream',
    openapi: {
      method: 'GET',
      path: '/notifications/list',
      summary: 'List events',
      description:
        'For clients that cannot hold a stream: the same events in the same order and with the same ids, after ' +
        '`since` (an event’s id, a `cursor`, or the `event_cursor` of a list of chats; without it, from now on). ' +
        'Returns up to `limit` events (100, at most 500) at once; `has_more` says whether more are waiting. If there ' +
        'is none, the response waits for the first one, at most `wait_seconds` (0, at most 25). Continue from ' +
        '`cursor`. `reset` is null, or says why `since` cannot be used: then read your state again. Counts as a ' +
        'stream while it waits.',
      tags: ['notification'],
      refusals: ['session_revoked', 'too_many_streams'],
      rest: {
        output: PlainEventList,
        write: ({ events, ...rest }: EventList): PlainEventList => ({
          ...rest,
          events: events.map(({ id, event }) => ({ id, ...plainForm(event) })),
        }),
      },
    },
  })
  .input(EventListInput)
  .output(EventList)
  .query(async ({ ctx, input: { since, limit, waitSeconds }, signal }) => {
    const { principal } = ctx;
    const transport = new ListTransport({ turn: ctx.turn, limit, isWaiting: waitSeconds > 0 });
    const onDisconnect = () => transport.cut();
    signal?.addEventListener('abort', onDisconnect, { once: true });
    // A live connection that got no event has everything up to the instance's position.
    const onWaited = () => {
      if (transport.isIdle) transport.finish({ cursor: ctx.cursor() });
    };
    const onLate = () => transport.finish({ hasMore: true });
    const timers = [setTimeout(onWaited, waitSeconds * 1_000), setTimeout(onLate, waitSeconds * 1_000 + REPLAY_MAX_MS)];
    try {
      ctx.attach({ principal, token: since, isPage: true }, transport).catch((error: unknown) => transport.fail(error));
      const { events, cursor, hasMore, reset } = await transport.done;
      // Not even the position of `since` was found in time.
      if (cursor === undefined) throw refuse('database_unavailable');
      return { events: [...events], cursor, hasMore, reset };
    } finally {
      signal?.removeEventListener('abort', onDisconnect);
      for (const timer of timers) clearTimeout(timer);
    }
  });
