import { z } from 'zod';
import { defineEvent } from '../event/define.ts';
import { ofChat } from '../event/plain-form.ts';
import { Id, Seq } from '../ids.ts';
import { Chat, ChatChanged } from './chat.ts';
import { ChatPreferences } from './notifications.ts';
import { ReadMark } from './read-mark.ts';

const typesOfChange: Readonly<Record<ChatChanged, string>> = {
  name: 'name_changed',
  topic: 'topic_changed',
  posting: 'posting_changed',
  archived: 'archived',
  unarchived: 'unarchived',
};

export const chatEvents = [
  defineEvent({
    kind: 'chat.created',
    code: 10,
    scope: 'chat',
    effect: 'opens_all',
    needs: ['chat'],
    facts: z.object({ isImported: z.boolean().optional() }),
    /** `isImported`: it has come with a history, whose messages have no events. */
    shape: { chat: Chat, isImported: z.boolean() },
    read: ({ chat, facts: { isImported = false } }) => ({ chat, isImported }),
    plain: (e) => ofChat(e, 'created'),
  }),
  defineEvent({
    kind: 'chat.updated',
    code: 11,
    scope: 'chat',
    needs: ['chat'],
    changes: ['chat'],
    facts: z.object({ changed: ChatChanged.optional(), byId: Id.optional() }),
    /** `byId` changed it; missing: an app or an operator did, or it is not known. */
    shape: { chat: Chat, changed: ChatChanged, byId: Id.optional() },
    read: ({ chat, facts: { changed = 'name', ...by } }) => ({ chat, changed, ...by }),
    plain: (e) => ofChat(e, typesOfChange[e.changed]),
  }),
  defineEvent({
    kind: 'chat.deleted',
    code: 31,
    scope: 'chat',
    effect: 'ends_all',
    changes: ['chat'],
    shape: { workspaceId: Id },
    read: ({ workspaceId }) => ({ workspaceId }),
    plain: (e) => ofChat(e, 'deleted'),
  }),
  defineEvent({
    kind: 'chat.purged',
    code: 12,
    scope: 'chat',
    changes: ['chat'],
    facts: z.object({ throughNumber: Seq, throughSeq: Seq.optional() }),
    /** Up to this number in the main timeline; up to this seq in every timeline. */
    shape: { throughNumber: Seq, throughSeq: Seq },
    read: ({ facts: { throughNumber, throughSeq = 0 } }) => ({ throughNumber, throughSeq }),
    plain: (e) => ofChat(e, 'purged'),
  }),
  defineEvent({
    kind: 'chat.read',
    code: 15,
    scope: 'user',
    needs: ['mark'],
    shape: { chatId: Id, ...ReadMark.shape },
    read: ({ chatId, mark }) => ({ chatId, ...mark }),
    plain: (e) => ({
      event: 'chat_read',
      data: {
        chat_id: e.chatId,
        last_read_seq: e.lastReadSeq,
        last_read_number: e.lastReadNumber,
        unread_count: e.unreadCount,
        mark_version: e.markVersion,
        mark_seq: e.markSeq,
        mention_numbers: e.mentionNumbers,
      },
    }),
  }),
  defineEvent({
    kind: 'chat.preferences',
    code: 16,
    scope: 'user',
    needs: ['chatPreferences'],
    shape: { chatId: Id, ...ChatPreferences.shape },
    read: ({ chatId, chatPreferences }) => ({ chatId, ...chatPreferences }),
    plain: (e) => ({
      event: 'chat_preferences',
      data: { chat_id: e.chatId, notify_level: e.notifyLevel, muted_until: e.mutedUntil?.toISOString() ?? null },
    }),
  }),
] as const;
