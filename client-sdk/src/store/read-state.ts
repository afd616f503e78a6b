import type { FechatterClient } from '../create-fechatter.ts';
import type { ChatRow, Preferences, Workspace } from '../wire.ts';
import { putChat } from './chat.ts';
import { emptyState, type KnownMember, type State } from './state.ts';

const PAGE = 100;

interface Page<T> {
  readonly entries: readonly T[];
  readonly nextCursor: string | null;
}

/** Reads every page of a list. */
export async function allOf<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  for (;;) {
    const { entries, nextCursor } = await read(cursor);
    all.push(...entries);
    if (nextCursor === null) return all;
    cursor = nextCursor;
  }
}

export interface Rows {
  readonly chats: readonly ChatRow[];
  readonly workspaces: readonly Workspace[];
  readonly preferences: Preferences;
  /** Older than every row: applying the events after it misses nothing. */
  readonly cursor: string;
}

/** Reads all chats and workspaces of the person. */
export async function readRows(client: FechatterClient): Promise<Rows> {
  let eventCursor = '';
  const chats = await allOf(async (cursor) => {
    const page = await client.chat.list.query({ limit: PAGE, cursor });
    eventCursor ||= page.eventCursor;
    return { entries: page.chats, nextCursor: page.nextCursor };
  });
  const workspaces = await allOf(async (cursor) => {
    const page = await client.workspace.list.query({ limit: PAGE, cursor });
    return { entries: page.workspaces, nextCursor: page.nextCursor };
  });
  const preferences = await client.user.preferences.query();
  return { chats, workspaces, preferences, cursor: eventCursor };
}

/**
 * Reads everything again, including all known lists of members. Applying the events after the cursor misses nothing.
 */
export async function readState(client: FechatterClient): Promise<{ state: State; cursor: string }> {
  const { id: userId } = await client.user.me.query();
  const state = emptyState(userId);
  const { chats, workspaces, preferences, cursor } = await readRows(client);
  state.own.preferences = preferences;
  for (const chat of chats) state.chats.set(chat.id, chat);
  for (const workspace of workspaces) state.workspaces.set(workspace.id, workspace);
  for (const { id } of workspaces) await readMembers(client, state, 'workspace', id);
  for (const { id } of chats) await readMembers(client, state, 'chat', id);
  return { state, cursor };
}

/** Reads one chat and its members again. */
export async function readChat(client: FechatterClient, state: State, chatId: string): Promise<void> {
  const chat = await client.chat.get.query({ chatId });
  if (chat.role === null) {
    state.chats.delete(chatId);
    state.members.delete(chatId);
    return;
  }
  putChat(state, chat);
  await readMembers(client, state, 'chat', chatId);
}

/** Reads the members of a workspace or chat. */
export async function readMembers(
  client: FechatterClient,
  state: State,
  of: 'workspace' | 'chat',
  id: string,
): Promise<void> {
  state.members.set(id, await membersOf(client, of, id));
}

/** The members of a workspace or chat, by id. */
export async function membersOf(
  client: FechatterClient,
  of: 'workspace' | 'chat',
  id: string,
): Promise<Map<string, KnownMember>> {
  const members = await allOf(async (cursor) => {
    const page = await (of === 'workspace'
      ? client.workspace.members.query({ workspaceId: id, limit: PAGE, cursor })
      : client.chat.members.query({ chatId: id, limit: PAGE, cursor }));
    return { entries: page.members, nextCursor: page.nextCursor };
  });
  return new Map(members.map(({ user, role }): [string, KnownMember] => [user.id, { user, role }]));
}
