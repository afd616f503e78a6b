import { type Event, EventsInput } from '@fechatter/contract';
import type { TrackedEnvelope } from '@trpc/server';
import { authed } from '../trpc.ts';
import { EventStream } from './event-stream.ts';

export const events = authed
  .meta({
    keyPermission: 'all of a stream',
    openapi: {
      method: 'GET',
      path: '/notifications/events',
      summary: 'Follow events live',
      description:
        'A stream of everything that you can see, in order, as server-sent events. Each event has an id: to continue ' +
        'after it without loss, connect again with the last one (`Last-Event-ID` or `last_event_id`). `ready` says ' +
        'that the stream is live from there on. `reset` says that the id cannot be used any more, and that you must ' +
        'read your state again. A page that cannot send headers can pass a ticket (`?ticket=`) instead of a token.',
      tags: ['notification'],
      refusals: ['session_revoked', 'ticket_invalid', 'too_many_streams'],
    },
  })
  .input(EventsInput)
  .subscription(({ ctx, input, signal }): AsyncIterable<TrackedEnvelope<Event>> => {
    const { principal } = ctx;
    const token = input?.lastEventId ?? undefined;
    return new EventStream((transport) => ctx.attach({ principal, token }, transport), signal);
  });
