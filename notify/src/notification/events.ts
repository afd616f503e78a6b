import { type Event, EventsInput } from '@fechatter/contract';
import type { TrackedEnvelope } from '@trpc/server';
import { authed } from '../trpc.ts';
import { EventStream } from './event-stream.ts';

export const events = authed
  .meta({
    openapi: {
      method: 'GET',
      path: '/notifications/events',
      summary: 'Follow what happens, live',
      description:
        'A stream of everything that the caller may see, in order, as server-sent events. Each event has an id; ' +
        'connecting again with the last one (`Last-Event-ID`, `last_event_id`) continues behind it without a loss. ' +
        '`ready` says from where on the stream is live, `reset` that the id could not be honoured and state must be ' +
        'read again. A page that cannot send headers passes a ticket (`?ticket=`) instead of a token.',
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
