import type { ChatType } from '@fechatter/contract';
import type { ChatRow, Seven } from './authorisation-chat-row.ts';
import { messageTable } from './authorisation-messages.ts';
import type { Actor } from './authorisation-stage.ts';
import type { Row, Verdicts } from './authorisation-table.ts';

// The verdict of each procedure about a chat for each actor, for each kind of chat.

const ok = 'ok';
const low = 'role_too_low';
const out = 'not_a_member';
const guests = 'guests_are_members';
const fixed = 'single_chat_fixed';
const none = 'chat_not_found';

const table: readonly ChatRow[] = [
  { path: 'chat.get', closed: [ok, ok, ok], open: [ok, ok, ok, ok, ok, ok, ok], single: ok },
  { path: 'chat.files', closed: [ok, ok, ok], open: [ok, ok, ok, ok, ok, ok, ok], single: ok },
  { path: 'chat.members', closed: [ok, ok, ok], open: [ok, ok, ok, ok, ok, ok, ok], single: ok },
  { path: 'chat.pins', closed: [ok, ok, ok], open: [ok, ok, ok, ok, ok, ok, ok], single: ok },
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
    path: 'incomingWebhook.create',
    input: () => ({ name: 'a program' }),
    closed: [low, ok, ok],
    open: [out, out, ok, ok, low, ok, ok],
    single: fixed,
  },
  { path: 'incomingWebhook.list', closed: [low, ok, ok], open: [out, out, ok, ok, low, ok, ok], single: fixed },
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
];

/** Actors who cannot see the chat, of any type. */
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
  [...table, ...messageTable].map((row) => ({
    path: row.path,
    about: row.about ?? '',
    input: (stage) => ({ chatId: stage.chatId, ...row.input?.(stage) }),
    verdicts: verdictsOf(row, chatType),
    ...(row.spends && { spends: true }),
  }));
