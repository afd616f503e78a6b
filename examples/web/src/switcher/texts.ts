import { plural } from '../texts/plural.ts';
import { translated } from '../texts/translated.ts';

/** The texts of the switcher. */
export const texts = translated('switcher', {
  title: 'Go to…',
  field: 'A person, a conversation, or something to do',
  list: 'Where to go',
  none: 'Nothing has this name.',
  found: (count: number) => plural(count, { one: '# result', other: '# results' }),
  hints: {
    unread: (count: number) => plural(count, { one: '# unread', other: '# unread' }),
    notJoined: 'not joined',
    archived: 'archived',
    suspended: 'suspended',
    bot: 'bot',
    workspace: 'workspace',
    action: 'action',
  },
  actions: {
    threads: 'Threads',
    saved: 'Saved messages',
    search: 'Search messages',
    markAllRead: 'Mark all as read',
    channel: 'New channel',
    direct: 'New direct message',
    browse: 'Browse channels',
    people: 'People',
    invite: 'Invite people',
    settings: 'Workspace settings',
    account: 'Your account',
    workspace: 'New workspace',
    shortcuts: 'Keyboard shortcuts',
    signOut: 'Sign out',
  },
  /** Other words for them. */
  alsoCalled: {
    threads: 'replies',
    saved: 'bookmarks, later',
    search: 'find',
    markAllRead: 'clear unread',
    channel: 'create channel, add channel',
    direct: 'new message, new group, write to',
    browse: 'find channels, join channel, all channels',
    people: 'members, roles',
    invite: 'add people, invitation',
    settings: 'bots, webhooks, audit log, emoji, administration',
    account: 'settings, preferences, profile, password, notifications, theme, privacy, sessions',
    workspace: 'create workspace',
    shortcuts: 'keys, help',
    signOut: 'log out, leave',
  },
});
