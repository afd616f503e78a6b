import type { FechatterClient } from '../create-fechatter.ts';
import { isFechatterError } from '../errors.ts';
import { Backoff, type BackoffOptions } from '../events/backoff.ts';
import type { Event } from '../events/event.ts';
import type { ConnectionDetails, ConnectionStatus } from '../events/connection.ts';
import { readRows, type Rows } from './read-state.ts';
import type { Reads } from './reads.ts';
import type { Replica } from './replica.ts';

export interface SyncOptions {
  readonly client: FechatterClient;
  readonly replica: Replica;
  readonly reads: Reads;
  readonly backoff: BackoffOptions;
  readonly stopped: AbortSignal;
  readonly onStatus: (status: ConnectionStatus, details?: ConnectionDetails) => void;
  /** Called with each event that was applied. */
  readonly onEvent: (event: Event) => void;
  /** Everything was read, for the first time or again. */
  readonly onRead: () => void;
}

/**
 * Keeps a replica in sync: reads, then applies events from the read's own cursor on, and starts again when events were
 * lost. The old state stays until the new read is there. Resolves when it was stopped or the person has signed out;
 * throws the error that ended the session.
 */
export async function keepInSync(options: SyncOptions): Promise<void> {
  const { client, replica, backoff: pauses, stopped, onStatus, onRead } = options;
  const backoff = new Backoff(pauses);
  while (!stopped.aborted) {
    const rows = await readRows(client).catch((error: unknown) => {
      if (client.session === null || isUnauthorized(error)) throw error;
      return undefined;
    });
    if (rows === undefined) {
      onStatus('reconnecting');
      await backoff.pause(stopped);
      continue;
    }
    backoff.reset();
    if (stopped.aborted) return;
    replica.begin(rows.chats, rows.workspaces, rows.preferences);
    onRead();
    if (!(await follow(options, rows))) return;
  }
}

/** True: events were lost. */
async function follow(
  { client, replica, reads, stopped, onStatus, onEvent }: SyncOptions,
  rows: Rows,
): Promise<boolean> {
  const known = {
    chats: new Map(rows.chats.map(({ id, lastSeq }) => [id, lastSeq])),
    workspaces: new Map(rows.workspaces.map(({ id, lastSeq }) => [id, lastSeq])),
    guestOf: new Set(rows.workspaces.flatMap(({ id, role }) => (role === 'Guest' ? [id] : []))),
  };
  let isOver = false;
  const stream = client.events({
    since: rows.cursor,
    known,
    signal: stopped,
    onStatus(status, details) {
      if (status !== 'ended' || !isOver) onStatus(status, details);
    },
  });
  for await (const event of stream) {
    if (event.kind === 'reset') {
      isOver = true;
      return true;
    }
    const isOther = changesView(event, replica);
    const missing = replica.apply(event);
    onEvent(event);
    if (isOther) {
      isOver = true;
      return true;
    }
    if (missing !== undefined) reads.need(missing);
    else if (isOfUnknownChat(event, replica)) reads.discover(event.chatId);
  }
  return false;
}

/** The person becomes a Guest of a workspace, or stops being one: they see different things of it from now on. */
function changesView(event: Event, { state }: Replica): boolean {
  if (event.kind !== 'workspace.memberUpdated' || event.userId !== state.userId) return false;
  const before = state.workspaces.get(event.workspaceId)?.role;
  return before !== undefined && (before === 'Guest') !== (event.role === 'Guest');
}

/** Only members receive messages of a chat: a client that does not know the chat has missed its beginning. */
const isOfUnknownChat = (event: Event, { state }: Replica): event is Extract<Event, { kind: 'message.created' }> =>
  event.kind === 'message.created' && !state.chats.has(event.chatId);

const isUnauthorized = (error: unknown) => isFechatterError(error) && error.data?.code === 'UNAUTHORIZED';
