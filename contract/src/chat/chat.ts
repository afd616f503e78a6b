import { z } from 'zod';
import { Id, OutputId, OutputSeq } from '../ids.ts';
import { limits } from '../limits.ts';
import { NextCursor, pageInput } from '../page.ts';
import { Name, Topic } from '../text.ts';
import { ChatRole, Role } from '../member/role.ts';
import { ChatPreferences, NotifyLevel } from './notifications.ts';
import { Message } from '../message/message.ts';

export const ChatType = z.enum(['Single', 'Group', 'PrivateChannel', 'PublicChannel']);
export type ChatType = z.infer<typeof ChatType>;

/** Who may send into a chat: its members, or those of them who are Admin or Owner there. */
export const WhoPosts = z.enum(['All', 'Admins']);
export type WhoPosts = z.infer<typeof WhoPosts>;

/**
 * A chat. The name of a Single chat is the other person's; `version` is the seq of its last change. In an archived chat
 * no one can send, react or join.
 */
export const Chat = z.object({
  id: OutputId,
  name: z.string(),
  chatType: ChatType,
  workspaceId: OutputId,
  topic: z.string().nullable(),
  whoPosts: WhoPosts,
  archivedAt: z.date().nullable(),
  version: OutputSeq,
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type Chat = z.infer<typeof Chat>;

/** What was changed of a chat; if several things were, the first of these. */
export const ChatChanged = z.enum(['name', 'topic', 'posting', 'archived', 'unarchived']);
export type ChatChanged = z.infer<typeof ChatChanged>;

/** The newest message of a chat; a deleted one has empty content and `deletedAt`. */
export const LastMessage = z.object({
  id: OutputId,
  number: OutputSeq,
  content: z.string(),
  senderId: OutputId,
  senderName: z.string(),
  createdAt: z.date(),
  deletedAt: z.date().nullable(),
});
export type LastMessage = z.infer<typeof LastMessage>;

/**
 * A chat as one person sees it. `role` is null for a person who can read it without being a member. `otherUserId` is
 * the other person of a Single chat, whose name the chat has; null for every other type. How far the person has read is
 * a {@link ReadMark}.
 */
export const ChatRow = Chat.extend({
  role: Role.nullable(),
  otherUserId: OutputId.nullable(),
  lastMessage: LastMessage.nullable(),
  unreadCount: OutputSeq,
  lastSeq: OutputSeq,
  lastNumber: OutputSeq,
  lastReadSeq: OutputSeq,
  lastReadNumber: OutputSeq,
  markVersion: OutputSeq,
  markSeq: OutputSeq,
  mentionNumbers: z.array(OutputSeq),
  ...ChatPreferences.shape,
});
export type ChatRow = z.infer<typeof ChatRow>;

export const ChatListInput = z.object({ workspaceId: Id.optional(), ...pageInput }).optional();
/** `eventCursor` is where to begin reading events after this list, so that nothing between the two is missed. */
export const ChatList = z.object({ chats: z.array(ChatRow), nextCursor: NextCursor, eventCursor: z.string() });

const memberIds = z.array(Id).max(limits.chatMembersMax);
export const ChatCreate = z.object({
  name: Name,
  chatType: ChatType,
  workspaceId: Id,
  memberIds,
  clientId: Id.optional(),
});
/** The pinned messages of a chat, the latest pinned first. */
export const ChatPins = z.object({ messages: z.array(Message) });
export const ChatRef = z.object({ chatId: Id });
export const ChatUpdate = ChatRef.extend({
  name: Name.optional(),
  topic: Topic.nullable().optional(),
  whoPosts: WhoPosts.optional(),
}).refine(
  ({ name, topic, whoPosts }) => name !== undefined || topic !== undefined || whoPosts !== undefined,
  'Give `name`, `topic` or `whoPosts`.',
);
export type ChatUpdate = z.infer<typeof ChatUpdate>;
export const ChatPage = ChatRef.extend(pageInput);
export const MembersAdd = ChatRef.extend({ userIds: memberIds.min(1) });
export const ChatMemberRef = z.object({ chatId: Id, userId: Id });
export const ChatRoleChange = ChatMemberRef.extend({ role: ChatRole });
/** In the main timeline or, with `threadId`, in a thread; `isTyping` false means that they have stopped. */
export const TypingSet = ChatRef.extend({ threadId: Id.optional(), isTyping: z.boolean().default(true) });

export const NotificationsSet = ChatRef.extend({
  level: NotifyLevel.nullable().optional(),
  /** Null ends it. */
  mutedForSeconds: z.int().min(1).max(limits.muteMaxSeconds).nullable().optional(),
}).refine(
  ({ level, mutedForSeconds }) => level !== undefined || mutedForSeconds !== undefined,
  'Give `level` or `mutedForSeconds`.',
);
