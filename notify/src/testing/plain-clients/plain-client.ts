import { type AwaitedFacts, awaitedFacts } from '../awaited-facts.ts';

/** An event of the plain stream, as any client reports it. */
export interface PlainEvent {
  readonly event: string;
  readonly data: string;
  /** The id by which the client would resume now. */
  readonly id: string;
}

/** A third-party client of server-sent events that reconnects by itself. */
export interface PlainClient extends AsyncDisposable {
  readonly events: readonly PlainEvent[];
  readonly until: AwaitedFacts<readonly PlainEvent[]>['until'];
}

export interface PlainRequest {
  readonly url: string;
  readonly token: string;
}

/** All event names of the contract: clients subscribe by name. */
export const EVENT_NAMES = [
  'ready',
  'reset',
  'message',
  'message_updated',
  'message_reacted',
  'message_pinned',
  'message_unpinned',
  'message_saved',
  'message_unsaved',
  'message_deleted',
  'file_update',
  'chat_update',
  'chat_read',
  'thread_read',
  'chat_preferences',
  'user_preferences',
  'workspace_update',
  'emoji_update',
  'user_update',
  'session_revoked',
  'typing',
  'seen',
  'presence',
  'ping',
] as const;

/** Keeps the events that a client reports. */
export function kept(): Pick<PlainClient, 'events' | 'until'> & { take: (event: PlainEvent) => void } {
  const events: PlainEvent[] = [];
  const facts = awaitedFacts((): readonly PlainEvent[] => events);
  return {
    events,
    until: (fact, deadlineMs) => facts.until(fact, deadlineMs),
    take(event) {
      events.push(event);
      facts.changed();
    },
  };
}

/** Whether the event is in the log: neither the state of the stream nor a signal. */
export const isLogged = ({ event = '' }: { readonly event: string | undefined }): boolean =>
  !['ready', 'ping', 'reset', 'seen'].includes(event);
