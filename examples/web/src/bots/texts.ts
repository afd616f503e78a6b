import type { BotScope } from '@fechatter/client';
import { translated } from '../texts/translated.ts';

/** The texts of bots. */
export const texts = translated('bots', {
  hint: 'A bot is a program with a key. It is a Member: add it to conversations like a person, under “Members”.',
  none: 'There is none yet.',
  keyOf: (name: string) => `Key of ${name}`,
  newKeyOf: (name: string) => `New key of ${name}`,
  copyKey: 'Copy key',
  new: 'New bot',
  create: 'Create bot',
  name: 'Name of the bot',
  rights: 'What it may do',
  nameAndRights: 'Name and rights',
  save: 'Save the bot',
  webhooks: 'Webhooks',
  replaceSure: 'The old key ends. Sure?',
  replace: 'Replace the key',
  deleteSure: (name: string) => `Delete ${name}?`,
  delete: 'Delete the bot',
  scopes: {
    read: 'Read everything that it sees, and follow events',
    write: 'All of what follows',
    'message.send': 'Send messages',
    'message.react': 'React to messages',
    'message.edit': 'Edit its messages',
    'message.delete': 'Delete its messages',
    'message.pin': 'Pin messages',
    'chat.join': 'Join channels',
    'chat.leave': 'Leave conversations',
  } satisfies Partial<Record<BotScope, string>>,
  chooseScope: 'Choose at least one thing that it may do.',
});
