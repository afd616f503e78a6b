import { randomUUID } from 'node:crypto';
import type { Person, World } from '../world.ts';
import { isLogged, type PlainClient } from './plain-client.ts';

/** A plain event. */
export interface Expected {
  readonly event: string;
  readonly data: Readonly<Record<string, string | number | boolean | null | readonly number[]>>;
}

export interface Listening {
  readonly world: World;
  readonly workspaceId: string;
  /** The person whose client receives the events. */
  readonly alice: Person;
  readonly bob: Person;
  readonly client: PlainClient;
}

/** The changes of a chat besides its name, with their types. */
const changes = [
  ['topic', 'topic_changed'],
  ['posting', 'posting_changed'],
  ['archived', 'archived'],
  ['unarchived', 'unarchived'],
] as const;

/** Makes one event of every kind, and returns what alice must receive by the contract's table. */
export async function appendEveryEvent({ world, workspaceId, alice, bob, client }: Listening): Promise<Expected[]> {
  const expected: Expected[] = [];
  const before = client.events.filter(isLogged).length;
  // Revocations overtake earlier events.
  const untilReceived = () => client.until((events) => events.filter(isLogged).length >= before + expected.length);
  const expect = (event: string, data: Expected['data']) => void expected.push({ event, data });
  const chat = await world.chat(workspaceId, [alice, bob]);
  const ofChat = (seq: number) => ({ chat_id: chat.id, seq });
  expect('chat_update', { ...ofChat(1), type: 'created' });
  const message_id = await world.send(chat, bob, 'a text that no reference shows');
  expect('message', { chat_id: chat.id, message_id, seq: 2 });
  await world.edit(chat, message_id, 'another');
  expect('message_updated', { chat_id: chat.id, message_id, seq: 3 });

  const inChat = (chatSeq: number) => ({ workspaceId, chatId: chat.id, chatSeq, subjectId: bob.id });
  const facts = { role: 'Admin' } as const;
  const file_id = randomUUID();
  const reaction = { userId: bob.id, emoji: '👍', isAdded: true };
  await world.database.query(
    'update chat_members set last_read_seq = 3, last_read_number = 1, mark_version = 4, mark_seq = 5 where chat_id = $1 and user_id = $2',
    [chat.id, alice.id],
  );
  await world.append(
    { ...inChat(4), kind: 'message.reacted', subjectId: message_id, facts: reaction },
    { ...inChat(5), kind: 'message.pinned', subjectId: message_id, facts: { userId: bob.id } },
    { ...inChat(6), kind: 'message.unpinned', subjectId: message_id, facts: { userId: bob.id } },
    { ...inChat(7), kind: 'message.deleted', subjectId: message_id, facts: {} },
    { ...inChat(8), kind: 'chat.updated', facts: {} },
    { ...inChat(9), kind: 'chat.purged', facts: { throughNumber: 1 } },
    { ...inChat(10), kind: 'member.left' },
    { ...inChat(11), kind: 'member.joined', facts },
    { ...inChat(12), kind: 'member.updated', facts },
    ...changes.map(([changed], at) => ({ ...inChat(13 + at), kind: 'chat.updated' as const, facts: { changed } })),
    { ...inChat(17), kind: 'file.updated', subjectId: file_id, facts: { messageId: message_id } },
    { kind: 'file.updated', chatId: chat.id, userId: alice.id, subjectId: file_id, facts: {} },
    { kind: 'chat.read', chatId: chat.id, userId: alice.id },
    { kind: 'thread.read', chatId: chat.id, userId: alice.id, subjectId: message_id },
    { kind: 'message.saved', chatId: chat.id, userId: alice.id, subjectId: message_id },
    { kind: 'message.unsaved', chatId: chat.id, userId: alice.id, subjectId: message_id },
    { kind: 'chat.preferences', chatId: chat.id, userId: alice.id },
    { kind: 'user.preferences', userId: alice.id, subjectId: alice.id },
  );
  expect('message_reacted', { chat_id: chat.id, message_id, seq: 4 });
  expect('message_pinned', { chat_id: chat.id, message_id, seq: 5 });
  expect('message_unpinned', { chat_id: chat.id, message_id, seq: 6 });
  expect('message_deleted', { chat_id: chat.id, message_id, seq: 7 });
  expect('chat_update', { ...ofChat(8), type: 'name_changed' });
  expect('chat_update', { ...ofChat(9), type: 'purged' });
  expect('chat_update', { ...ofChat(10), type: 'member_left', user_id: bob.id });
  expect('chat_update', { ...ofChat(11), type: 'member_joined', user_id: bob.id });
  expect('chat_update', { ...ofChat(12), type: 'member_updated', user_id: bob.id });
  for (const [at, [, type]] of changes.entries()) expect('chat_update', { ...ofChat(13 + at), type });
  expect('file_update', { chat_id: chat.id, file_id, message_id, seq: 17 });
  expect('file_update', { chat_id: chat.id, file_id });
  const mark = {
    last_read_seq: 3,
    last_read_number: 1,
    unread_count: 0,
    mark_version: 4,
    mark_seq: 5,
    mention_numbers: [],
  };
  expect('chat_read', { chat_id: chat.id, ...mark });
  // Alice has unfollowed it.
  const unfollowed = {
    following: false,
    last_read_number: 0,
    mark_version: 0,
    mark_seq: 0,
    unread_count: 0,
    mention_numbers: [],
  };
  expect('thread_read', { chat_id: chat.id, root_id: message_id, ...unfollowed });
  for (const event of ['message_saved', 'message_unsaved']) expect(event, { chat_id: chat.id, message_id });
  expect('chat_preferences', { chat_id: chat.id, notify_level: null, muted_until: null });
  expect('user_preferences', { show_presence: true, show_receipts: true, push_previews: false });

  const other = await world.workspace(alice, bob);
  const ofOther = (type: string, user_id?: string) =>
    expect('workspace_update', { workspace_id: other, type, ...(user_id !== undefined && { user_id }) });
  ofOther('member_joined', alice.id);
  ofOther('member_joined', bob.id);
  const doomed = await world.chat(other, [alice]);
  expect('chat_update', { chat_id: doomed.id, seq: 1, type: 'created' });
  await untilReceived();
  await world.deleteChat(doomed);
  expect('chat_update', { chat_id: doomed.id, seq: 2, type: 'deleted' });
  await world.leaveWorkspace(other, bob);
  ofOther('member_left', bob.id);
  const inOther = (workspaceSeq: number) => ({ workspaceId: other, workspaceSeq, subjectId: alice.id });
  await world.append(
    { ...inOther(10), kind: 'workspace.updated' },
    { ...inOther(11), kind: 'workspace.memberUpdated', facts },
    { ...inOther(12), kind: 'emoji.updated', facts: { name: 'parrot', fileId: file_id } },
    { kind: 'user.updated', userId: alice.id, subjectId: bob.id },
  );
  ofOther('updated');
  ofOther('member_updated', alice.id);
  expect('emoji_update', { workspace_id: other, name: 'parrot', file_id });
  expect('user_update', { user_id: bob.id });
  await world.database.query('update workspace_heads set last_seq = 12 where workspace_id = $1', [other]);
  await untilReceived();
  await world.deleteWorkspace(other);
  ofOther('deleted');
  const session_id = randomUUID();
  await world.append({ kind: 'session.revoked', userId: alice.id, subjectId: session_id });
  expect('session_revoked', { session_id });
  await untilReceived();
  return expected;
}
