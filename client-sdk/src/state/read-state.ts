import type { FechatterClient } from '../create-fechatter.ts';
import { emptyState, type KnownMember, type State } from './state.ts';

const PAGE = 100;

interface Page<T> {
  readonly entries: readonly T[];
  readonly nextCursor: string | null;
}

async function allOf<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  for (;;) {
    const { entries, nextCursor } = await read(cursor);
    all.push(...entries);
    if (nextCursor === null) return all;
    cursor = nextCursor;
  }
}

/** Reads everything anew. The cursor is older than every part of the state, so applying from it on misses nothing. */
export async function readState(client: FechatterClient): Promise<{ state: State; cursor: string }> {
  const { id: userId } = await client.user.me.query();
  const state = emptyState(userId);
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
  for (const chat of chats) state.chats.set(chat.id, chat);
  for (const workspace of workspaces) state.workspaces.set(workspace.id, workspace);
  for (const { id } of workspaces) await readMembers(client, state, 'workspace', id);
  for (const { id } of chats) await readMembers(client, state, 'chat', id);
  return { state, cursor: eventCursor };
}

/** Reads one chat anew, and who is in it. */
export async function readChat(client: FechatterClient, state: State, chatId: string): Promise<void> {
  const chat = await client.chat.get.query({ chatId });
  if (chat.role === null) {
    state.chats.delete(chatId);
    state.members.delete(chatId);
    return;
  }
  state.chats.set(chatId, chat);
  await readMembers(client, state, 'chat', chatId);
}

/** Reads who is in a workspace or chat. */
export async function readMembers(
  client: FechatterClient,
  state: State,
  of: 'workspace' | 'chat',
  id: string,
): Promise<void> {
  const members = await allOf(async (cursor) => {
    const page = await (of === 'workspace'
      ? client.workspace.members.query({ workspaceId: id, limit: PAGE, cursor })
      : client.chat.members.query({ chatId: id, limit: PAGE, cursor }));
    return { entries: page.members, nextCursor: page.nextCursor };
  });
  state.members.set(id, new Map(members.map(({ user, role }): [string, KnownMember] => [user.id, { user, role }])));
}
