import type { ChatRow } from './authorisation-chat-row.ts';

// The verdict of each procedure about messages, threads and files for each actor, for each kind of chat.

const ok = 'ok';
const low = 'role_too_low';
const out = 'not_a_member';
const hers = 'not_the_sender';

export const messageTable: readonly ChatRow[] = [
  { path: 'message.list', closed: [ok, ok, ok], open: [ok, ok, ok, ok, ok, ok, ok], single: ok },
  {
    path: 'message.get',
    input: ({ messageIds }) => ({ messageId: messageIds.member }),
    closed: [ok, ok, ok],
    open: [ok, ok, ok, ok, ok, ok, ok],
    single: ok,
  },
  {
    path: 'message.list',
    about: 'by ids',
    input: ({ messageIds }) => ({ ids: [messageIds.member, messageIds.dave] }),
    closed: [ok, ok, ok],
    open: [ok, ok, ok, ok, ok, ok, ok],
    single: ok,
  },
  {
    path: 'message.readers',
    input: ({ messageIds }) => ({ messageId: messageIds.member }),
    closed: [ok, ok, ok],
    open: [out, out, out, out, ok, ok, ok],
    single: ok,
  },
  {
    path: 'message.reactors',
    input: ({ messageIds }) => ({ messageId: messageIds.member, emoji: '👍' }),
    closed: [ok, ok, ok],
    open: [ok, ok, ok, ok, ok, ok, ok],
    single: ok,
  },
  {
    path: 'message.react',
    input: ({ messageIds }) => ({ messageId: messageIds.dave, emoji: '👍' }),
    closed: [ok, ok, ok],
    open: [out, out, out, out, ok, ok, ok],
    single: ok,
  },
  {
    path: 'message.unreact',
    input: ({ messageIds }) => ({ messageId: messageIds.dave, emoji: '👍' }),
    closed: [ok, ok, ok],
    open: [out, out, out, out, ok, ok, ok],
    single: ok,
  },
  ...(['pin', 'unpin'] as const).map(
    (verb): ChatRow => ({
      path: `message.${verb}`,
      input: ({ messageIds }) => ({ messageId: messageIds.dave }),
      closed: [ok, ok, ok],
      channels: [low, ok, ok],
      open: [out, out, ok, ok, low, ok, ok],
      single: ok,
    }),
  ),
  ...(['save', 'unsave'] as const).map(
    (verb): ChatRow => ({
      path: `message.${verb}`,
      input: ({ messageIds }) => ({ messageId: messageIds.dave }),
      closed: [ok, ok, ok],
      open: [ok, ok, ok, ok, ok, ok, ok],
      single: ok,
    }),
  ),
  {
    path: 'message.send',
    input: () => ({ content: 'hi' }),
    closed: [ok, ok, ok],
    open: [out, out, out, out, ok, ok, ok],
    single: ok,
  },
  {
    path: 'file.begin',
    input: () => ({ name: 'a file', size: 1 }),
    closed: [ok, ok, ok],
    open: [out, out, out, out, ok, ok, ok],
    single: ok,
  },
  {
    path: 'message.send',
    about: 'a reply',
    input: ({ messageIds }) => ({ content: 'hi', threadId: messageIds.dave }),
    closed: [ok, ok, ok],
    open: [out, out, out, out, ok, ok, ok],
    single: ok,
  },
  {
    path: 'message.list',
    about: 'of a thread',
    input: ({ messageIds }) => ({ threadId: messageIds.dave }),
    closed: [ok, ok, ok],
    open: [ok, ok, ok, ok, ok, ok, ok],
    single: ok,
  },
  {
    path: 'thread.get',
    input: ({ messageIds }) => ({ rootId: messageIds.dave }),
    closed: [ok, ok, ok],
    open: [ok, ok, ok, ok, ok, ok, ok],
    single: ok,
  },
  {
    path: 'thread.follow',
    input: ({ messageIds }) => ({ rootId: messageIds.dave }),
    closed: [ok, ok, ok],
    open: [out, out, out, out, ok, ok, ok],
    single: ok,
  },
  {
    path: 'thread.unfollow',
    input: ({ messageIds }) => ({ rootId: messageIds.dave }),
    closed: [ok, ok, ok],
    open: [out, out, out, out, ok, ok, ok],
    single: ok,
  },
  {
    path: 'thread.markRead',
    input: ({ messageIds }) => ({ rootId: messageIds.dave, number: 1 }),
    closed: [ok, ok, ok],
    open: [out, out, out, out, ok, ok, ok],
    single: ok,
  },
  {
    path: 'message.edit',
    about: 'of another',
    input: ({ messageIds }) => ({ messageId: messageIds.dave, content: 'hi' }),
    closed: [hers, hers, hers],
    open: [out, out, out, out, hers, hers, hers],
    single: hers,
  },
  {
    path: 'message.edit',
    about: 'an own one',
    input: ({ messageIds }) => ({ messageId: messageIds.member, content: 'hi' }),
    closed: [ok, hers, hers],
    open: [out, out, out, out, ok, hers, hers],
    single: ok,
    guest: hers,
  },
  {
    path: 'message.delete',
    about: 'of another',
    input: ({ messageIds }) => ({ messageId: messageIds.dave }),
    closed: [low, ok, ok],
    open: [out, out, ok, ok, low, ok, ok],
    single: low,
    spends: true,
  },
  {
    path: 'message.delete',
    about: 'an own one',
    input: ({ messageIds }) => ({ messageId: messageIds.member }),
    closed: [ok, ok, ok],
    open: [out, out, ok, ok, ok, ok, ok],
    single: ok,
    guest: low,
    spends: true,
  },
];
