import { z } from 'zod';
import { Chat } from './chat.ts';
import { Id, Seq } from './ids.ts';
import { loggedEvent } from './logged-event.ts';
import { Message } from './message.ts';
import { MemberUser } from './user.ts';
import { Role, WorkspaceProfile } from './workspace.ts';

const roleOf = (facts: Readonly<Record<string, unknown>>) => Role.parse(facts.role);
const ofMessage = (event: string) => (e: { chatId: string; seq: number; message: { id: string } }) => ({
  event,
  data: { chat_id: e.chatId, message_id: e.message.id, seq: e.seq },
});
const ofChat = (e: { chatId: string; seq: number }, type: string, userId?: string) => ({
  event: 'chat_update',
  data: { chat_id: e.chatId, seq: e.seq, type, ...(userId !== undefined && { user_id: userId }) },
});
const ofWorkspace = (e: { workspaceId: string }, type: string, userId?: string) => ({
  event: 'workspace_update',
  data: { workspace_id: e.workspaceId, type, ...(userId !== undefined && { user_id: userId }) },
});

/**
 * Every kind of event in the log. An event says that something happened at a seq and shows what is true when it is
 * delivered: a message that was deleted since comes with empty content and `deletedAt`.
 */
export const loggedEvents = [
  loggedEvent({
    kind: 'message.created',
    code: 1,
    scope: 'chat',
    needs: ['message'],
    shape: { message: Message },
    read: (_, { message }) => ({ message }),
    plain: ofMessage('message'),
  }),
  loggedEvent({
    kind: 'message.updated',
    code: 2,
    scope: 'chat',
    needs: ['message'],
    shape: { message: Message },
    read: (_, { message }) => ({ message }),
    plain: ofMessage('message_updated'),
  }),
  loggedEvent({
    kind: 'message.deleted',
    code: 3,
    scope: 'chat',
    needs: ['message'],
    shape: { messageId: Id, deletedAt: z.date() },
    read: (_, { message }) => ({ messageId: message.id, deletedAt: message.deletedAt ?? new Date(0) }),
    plain: (e) => ({ event: 'message_deleted', data: { chat_id: e.chatId, message_id: e.messageId, seq: e.seq } }),
  }),
  loggedEvent({
    kind: 'chat.created',
    code: 10,
    scope: 'chat',
    effect: 'opens_all',
    needs: ['chat'],
    shape: { chat: Chat },
    read: (_, { chat }) => ({ chat }),
    plain: (e) => ofChat(e, 'created'),
  }),
  loggedEvent({
    kind: 'chat.updated',
    code: 11,
    scope: 'chat',
    needs: ['chat'],
    shape: { chat: Chat },
    read: (_, { chat }) => ({ chat }),
    plain: (e) => ofChat(e, 'name_changed'),
  }),
  loggedEvent({
    kind: 'chat.deleted',
    code: 31,
    scope: 'chat',
    effect: 'ends_all',
    shape: { workspaceId: Id },
    read: (row) => ({ workspaceId: row.workspaceId ?? '' }),
    plain: (e) => ofChat(e, 'deleted'),
  }),
  loggedEvent({
    kind: 'chat.purged',
    code: 12,
    scope: 'chat',
    shape: { throughNumber: Seq },
    read: (row) => ({ throughNumber: Seq.parse(row.facts.throughNumber) }),
    plain: (e) => ofChat(e, 'purged'),
  }),
  loggedEvent({
    kind: 'member.joined',
    code: 13,
    scope: 'chat',
    effect: 'opens',
    needs: ['user', 'chat'],
    shape: { user: MemberUser, role: Role, chat: Chat },
    read: (row, { user, chat }) => ({ user, role: roleOf(row.facts), chat }),
    plain: (e) => ofChat(e, 'member_joined', e.user.id),
  }),
  loggedEvent({
    kind: 'member.left',
    code: 30,
    scope: 'chat',
    effect: 'ends',
    shape: { userId: Id },
    read: (row) => ({ userId: row.subjectId ?? '' }),
    plain: (e) => ofChat(e, 'member_left', e.userId),
  }),
  loggedEvent({
    kind: 'member.updated',
    code: 14,
    scope: 'chat',
    shape: { userId: Id, role: Role },
    read: (row) => ({ userId: row.subjectId ?? '', role: roleOf(row.facts) }),
    plain: (e) => ofChat(e, 'member_updated', e.userId),
  }),
  loggedEvent({
    kind: 'chat.read',
    code: 15,
    scope: 'user',
    shape: { chatId: Id, lastReadSeq: Seq, lastReadNumber: Seq, unreadCount: Seq },
    read: ({ chatId, facts }) => ({
      chatId: chatId ?? '',
      lastReadSeq: Seq.parse(facts.lastReadSeq),
      lastReadNumber: Seq.parse(facts.lastReadNumber),
      unreadCount: Seq.parse(facts.unreadCount),
    }),
    plain: (e) => ({
      event: 'chat_read',
      data: {
        chat_id: e.chatId,
        last_read_seq: e.lastReadSeq,
        last_read_number: e.lastReadNumber,
        unread_count: e.unreadCount,
      },
    }),
  }),
  loggedEvent({
    kind: 'workspace.updated',
    code: 20,
    scope: 'workspace',
    needs: ['workspace'],
    shape: { workspace: WorkspaceProfile },
    read: (_, { workspace }) => ({ workspace }),
    plain: (e) => ofWorkspace(e, 'updated'),
  }),
  loggedEvent({
    kind: 'workspace.deleted',
    code: 33,
    scope: 'workspace',
    effect: 'ends_all',
    shape: {},
    read: () => ({}),
    plain: (e) => ofWorkspace(e, 'deleted'),
  }),
  loggedEvent({
    kind: 'workspace.memberJoined',
    code: 21,
    scope: 'workspace',
    effect: 'opens',
    needs: ['user', 'workspace'],
    shape: { user: MemberUser, role: Role, workspace: WorkspaceProfile },
    read: (row, { user, workspace }) => ({ user, role: roleOf(row.facts), workspace }),
    plain: (e) => ofWorkspace(e, 'member_joined', e.user.id),
  }),
  loggedEvent({
    kind: 'workspace.memberLeft',
    code: 32,
    scope: 'workspace',
    effect: 'ends',
    shape: { userId: Id },
    read: (row) => ({ userId: row.subjectId ?? '' }),
    plain: (e) => ofWorkspace(e, 'member_left', e.userId),
  }),
  loggedEvent({
    kind: 'workspace.memberUpdated',
    code: 22,
    scope: 'workspace',
    shape: { userId: Id, role: Role },
    read: (row) => ({ userId: row.subjectId ?? '', role: roleOf(row.facts) }),
    plain: (e) => ofWorkspace(e, 'member_updated', e.userId),
  }),
  loggedEvent({
    kind: 'user.updated',
    code: 23,
    scope: 'user',
    needs: ['user'],
    shape: { user: MemberUser },
    read: (_, { user }) => ({ user }),
    plain: (e) => ({ event: 'user_update', data: { user_id: e.user.id } }),
  }),
  loggedEvent({
    kind: 'session.revoked',
    code: 34,
    scope: 'user',
    shape: { sessionId: Id },
    read: (row) => ({ sessionId: row.subjectId ?? '' }),
    plain: (e) => ({ event: 'session_revoked', data: { session_id: e.sessionId } }),
  }),
] as const;

export type LoggedEventKind = (typeof loggedEvents)[number]['kind'];
type EventReadBy<D> = D extends { read: (...args: never[]) => infer E } ? E : never;
/** An event of the log, in the form that a subscription yields. */
export type LoggedEvent = EventReadBy<(typeof loggedEvents)[number]>;
