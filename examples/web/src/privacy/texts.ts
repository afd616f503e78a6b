import { translated } from '../texts/translated.ts';

/** The texts of what others learn of a person. */
export const texts = translated('privacy', {
  title: 'Privacy',
  presence: 'Show when I am here',
  presenceHint: 'Off: you seem offline to everyone. You still see others.',
  receipts: 'Show what I have read',
  receiptsHint: 'Off: nobody sees whether you have read a message, and you do not see it of others.',
  typing: 'Show when I am typing, on this device',
  typingHint: 'Off: others do not see that you are typing. You still see it of them.',
  blocked: 'People whom you block',
  noneBlocked: 'You block nobody. You can block a person in your conversation with them, under “Members”.',
  blockedHint: 'They cannot write to you directly, and nothing of theirs notifies you. They are not told.',
  block: 'Block this person',
  blockSure: 'Block them?',
  unblock: 'Unblock',
  unblockName: (name: string) => `Unblock ${name}`,
  isBlocked: 'You block this person: they cannot write to you here.',
  more: (count: number) => `And ${count} more.`,
});
