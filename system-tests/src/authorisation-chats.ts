import type { ChatType } from '@fechatter/contract';
import type { Actor, Stage } from './authorisation-stage.ts';
import type { Row, Verdict, Verdicts } from './authorisation-table.ts';

// What each procedure about a chat answers to whom, for each kind of chat.

const ok = 'ok';
const low = 'role_too_low';
const out = 'not_a_member';
const hers = 'not_the_sender';
const guests = 'guests_are_members';
const none = 'chat_not_found';
const fixed = 'single_chat_fixed';

/** outsider, former, wsAdmin, wsOwner, member, admin, owner */
type Seven = readonly [Verdict, Verdict, Verdict, Verdict, Verdict, Verdict, Verdict];
interface ChatRow extends Pick<Row, 'path' | 'about' | 'spends'> {
  readonly input?: (stage: Stage) => object;
  /** Group and PrivateChannel: member, admin, owner; nobody else can see it. */
  readonly closed: readonly [Verdict, Verdict, Verdict];
  /** PrivateChannel, where it is another. */
  readonly channels?: ChatRow['closed'];
  readonly former?: Verdict;
  readonly open: Seven;
  /** Of the two in a Single chat; nobody else can see it. */
  readonly single: Verdict;
  /** Of a Guest who is in it, where it is not that of a member. A Guest who is not in it sees no chat of any type. */
  readonly guest?: Verdict;
}

const table: readonly ChatRow[] = [
  { path: 'chat.get', closed: [ok, ok, ok], open: [ok, ok, ok, ok, ok, ok, ok], single: ok },
  { path: 'chat.files', closed: [ok, ok, ok], open: [ok, ok, ok, ok, ok, ok, ok], single: ok },
  { path: 'chat.members', closed: [ok, ok, ok], open: [ok, ok, ok, ok, ok, ok, ok], single: ok },
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
  { path: 'chat.pins', closed: [ok, ok, ok], open: [ok, ok, ok, ok, ok, ok, ok], single: ok },
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
  { path: 'chat.join', closed: [ok, ok, ok], open: [ok, ok, ok, ok, ok, ok, ok], single: ok, spends: true },
  {
    path: 'chat.leave',
    closed: [ok, ok, 'last_owner'],
    former: ok,
    open: [ok, ok, ok, ok, ok, ok, 'last_owner'],
    single: fixed,
    spends: true,
  },
  {
    path: 'chat.update',
    input: () => ({ name: 'D' }),
    closed: [low, ok, ok],
    open: [out, out, ok, ok, low, ok, ok],
    single: fixed,
  },
  {
    path: 'chat.archive',
    closed: [low, ok, ok],
    open: [out, out, ok, ok, low, ok, ok],
    single: fixed,
    spends: true,
  },
  {
    path: 'chat.unarchive',
    closed: [low, ok, ok],
    open: [out, out, ok, ok, low, ok, ok],
    single: fixed,
  },
  { path: 'chat.delete', closed: [low, low, ok], open: [out, out, low, ok, low, low, ok], single: fixed, spends: true },
  {
    path: 'chat.addMembers',
    input: ({ people }) => ({ userIds: [people.spare.id] }),
    closed: [low, ok, ok],
    open: [out, out, ok, ok, low, ok, ok],
    single: fixed,
    spends: true,
  },
  {
    path: 'chat.addMembers',
    about: 'a stranger',
    input: ({ people }) => ({ userIds: [people.stranger.id] }),
    closed: [low, 'user_not_found', 'user_not_found'],
    open: [out, out, 'user_not_found', 'user_not_found', low, 'user_not_found', 'user_not_found'],
    single: fixed,
  },
  {
    path: 'chat.setRole',
    about: 'to Admin',
    input: ({ people }) => ({ userId: people.dave.id, role: 'Admin' }),
    closed: [low, ok, ok],
    open: [out, out, ok, ok, low, ok, ok],
    single: fixed,
    spends: true,
  },
  {
    path: 'chat.setRole',
    about: 'to Owner',
    input: ({ people }) => ({ userId: people.dave.id, role: 'Owner' }),
    closed: [low, low, ok],
    open: [out, out, low, ok, low, low, ok],
    single: fixed,
    spends: true,
  },
  {
    path: 'chat.setRole',
    about: 'of a Guest, to Admin',
    input: ({ people }) => ({ userId: people.guest.id, role: 'Admin' }),
    closed: [low, guests, guests],
    open: [out, out, guests, guests, low, guests, guests],
    single: fixed,
  },
  {
    path: 'chat.setRole',
    about: 'of a stranger',
    input: ({ people }) => ({ userId: people.stranger.id, role: 'Member' }),
    closed: [low, 'member_not_found', 'member_not_found'],
    open: [out, out, 'member_not_found', 'member_not_found', low, 'member_not_found', 'member_not_found'],
    single: fixed,
  },
  {
    path: 'chat.removeMember',
    input: ({ people }) => ({ userId: people.dave.id }),
    closed: [low, ok, ok],
    open: [out, out, ok, ok, low, ok, ok],
    single: fixed,
    spends: true,
  },
  {
    path: 'chat.markRead',
    input: () => ({ seq: 1 }),
    closed: [ok, ok, ok],
    open: [out, out, out, out, ok, ok, ok],
    single: ok,
  },
  { path: 'chat.setTyping', closed: [ok, ok, ok], open: [out, out, out, out, ok, ok, ok], single: ok },
  {
    path: 'chat.markUnread',
    input: ({ messageIds }) => ({ messageId: messageIds.dave }),
    closed: [ok, ok, ok],
    open: [out, out, out, out, ok, ok, ok],
    single: ok,
  },
  {
    path: 'chat.setNotifications',
    input: () => ({ level: 'Mentions', mutedForSeconds: 60 }),
    closed: [ok, ok, ok],
    open: [out, out, out, out, ok, ok, ok],
    single: ok,
  },
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

/** Who is nothing to a chat, whatever its type. */
const invisible: Verdicts = {
  anonymous: 'not_signed_in',
  suspended: 'session_revoked',
  stranger: none,
  left: none,
  guestOutside: none,
};
const seven: readonly Actor[] = ['outsider', 'former', 'wsAdmin', 'wsOwner', 'member', 'admin', 'owner'];
const MEMBER = seven.indexOf('member');

function verdictsOf(row: ChatRow, chatType: ChatType): Verdicts {
  const { closed, channels = closed, former = none, open, single } = row;
  const inside: Seven =
    chatType === 'PublicChannel'
      ? open
      : chatType === 'Single'
        ? [none, none, none, none, single, none, none]
        : [none, former, none, none, ...(chatType === 'PrivateChannel' ? channels : closed)];
  const guest = chatType === 'Single' ? none : (row.guest ?? inside[MEMBER] ?? none);
  return { ...invisible, guest, ...Object.fromEntries(seven.map((actor, n) => [actor, inside[n]])) };
}

/** The rows as they are for one type of chat. */
export const chatRows = (chatType: ChatType): readonly Row[] =>
  table.map((row) => ({
    path: row.path,
    about: row.about ?? '',
    input: (stage) => ({ chatId: stage.chatId, ...row.input?.(stage) }),
    verdicts: verdictsOf(row, chatType),
    ...(row.spends && { spends: true }),
  }));
