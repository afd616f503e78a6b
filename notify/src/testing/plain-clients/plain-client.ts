import { type AwaitedFacts, awaitedFacts } from '../awaited-facts.ts';

/** An event of the plain stream, as a client of any kind hands it over. */
export interface PlainEvent {
  readonly event: string;
  readonly data: string;
  /** The id by which the client would resume now. */
  readonly id: string;
}

/** Someone else's client of server-sent events, which comes back by itself. */
export interface PlainClient extends AsyncDisposable {
  readonly events: readonly PlainEvent[];
  readonly until: AwaitedFacts<readonly PlainEvent[]>['until'];
}

export interface PlainRequest {
  readonly url: string;
  readonly token: string;
}

/** All names of events in the contract: clients listen by name. */
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
  'chat_update',
  'chat_read',
  'thread_read',
  'chat_preferences',
  'user_preferences',
  'workspace_update',
  'user_update',
  'session_revoked',
  'typing',
  'seen',
  'presence',
  'ping',
] as const;

/** Keeps what a client hands over. */
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

/** Whether it is in the log: not what only says how the stream stands, and no signal. */
export const isLogged = ({ event = '' }: { readonly event: string | undefined }): boolean =>
  !['ready', 'ping', 'reset', 'seen'].includes(event);
