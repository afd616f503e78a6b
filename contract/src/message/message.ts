import { z } from 'zod';
import { Id, OutputId, OutputSeq, Seq } from '../ids.ts';
import { limits } from '../limits.ts';
import { File } from '../file/shown-file.ts';
import { Limit } from '../page.ts';
import { Content, ContentOrNone, MessageData } from '../text.ts';
import { emptyOfMessage } from './filled.ts';
import { leftOut } from '../left-out.ts';
import { Mentions } from './mentions.ts';
import { Reaction } from '../reaction/reaction.ts';
import { ThreadSummary } from '../thread/summary.ts';
import { MemberUser, Sender } from '../user/user.ts';

/**
 * `number` counts messages in the main timeline of a chat, or replies in a thread; `seq` counts every event in the chat,
 * and `version` is the seq of the message's last change. `clientId` is the id that the sender's client gave it; everyone sees it, so that a client recognises its own
 * messages.
 */
export const Message = z.object({
  id: OutputId,
  chatId: OutputId,
  seq: OutputSeq,
  number: OutputSeq,
  version: OutputSeq,
  clientId: OutputId,
  content: z.string(),
  sender: Sender,
  createdAt: z.date(),
  editedAt: z.date().nullable(),
  deletedAt: z.date().nullable(),
  ...leftOut(
    {
      /** The message that this one is a reply to: the root of its thread. */
      threadId: OutputId.nullable(),
      /** The summary of the replies to this message; a deleted message keeps it. */
      thread: ThreadSummary.nullable(),
      /** In the order in which they were first used; at most 20 different ones. */
      reactions: z.array(Reaction),
      /** The people whom it mentions, if any. */
      mentions: Mentions.nullable(),
      /** What came with it, in the order in which it was sent. */
      files: z.array(File),
      /** When it was pinned, if it is. */
      pinnedAt: z.date().nullable(),
      /** The message that it quotes; that one may be deleted since. */
      quotedId: OutputId.nullable(),
      /** What the sending app stored with its text: opaque, and kept by edits. */
      data: z.string().nullable(),
      /** The caller's own reactions, as of `version`: in reads, never in events. */
      myReactions: z.array(z.string()),
      /** Whether the caller has saved it: in reads, never in events. */
      isSaved: z.boolean(),
    },
    emptyOfMessage,
  ),
});
export type Message = z.infer<typeof Message>;
/** A message on the wire: empty keys are left out. */
export type WireMessage = z.input<typeof Message>;

/** Splits a reply whose `thread` is that of its root: returns the reply without it, and the thread. */
export function withThread(message: WireMessage): { message: WireMessage; thread?: ThreadSummary } {
  if (message.threadId === undefined) return { message };
  const { thread, ...reply } = message;
  return { message: reply, ...(thread && { thread }) };
}

/** `fileIds` are files that the sender has uploaded into this chat; with them, `content` can be empty. */
export const MessageSend = z
  .object({
    chatId: Id,
    content: ContentOrNone,
    clientId: Id.optional(),
    threadId: Id.optional(),
    quotedId: Id.optional(),
    fileIds: z
      .array(Id)
      .max(limits.messageFilesMax)
      .refine((ids) => new Set(ids).size === ids.length, { error: 'must name each file once' })
      .optional(),
    data: MessageData.optional(),
  })
  .refine(({ content, fileIds = [] }) => content !== '' || fileIds.length > 0, {
    path: ['content'],
    error: `must have 1 to ${limits.contentMaxChars} characters (UTF-16 code units)`,
  });
export const MessageRef = z.object({ chatId: Id, messageId: Id });
export const MessageEdit = MessageRef.extend({ content: Content });
/**
 * The main timeline, or with `threadId` the replies in a thread. At most one of these: before or after a message, around a message, around the message with a number, or certain
 * messages.
 */
export const MessageListInput = z.object({
  chatId: Id,
  threadId: Id.optional(),
  limit: Limit.optional(),
  before: Id.optional(),
  after: Id.optional(),
  around: Id.optional(),
  aroundNumber: Seq.optional(),
  ids: z.array(Id).min(1).max(limits.messageIdsMax).optional(),
});
/**
 * Newest first, also with `after`. `hasMore` is whether there is more in the requested direction. For a page around a
 * message, `hasBefore` and `hasAfter` say so for each side, and `hasMore` is true if either is.
 */
export const MessageList = z.object({
  messages: z.array(Message),
  hasMore: z.boolean(),
  hasBefore: z.boolean().optional(),
  hasAfter: z.boolean().optional(),
});
/**
 * Who has read a message, except its sender, in a fixed order: at most as many people as a chat with receipts has
 * members.
 */
export const MessageReaders = z.object({ users: z.array(MemberUser) });
