import { translated } from '../texts/translated.ts';

/** The texts of what can be done with a message. */
export const texts = translated('chat', {
  edit: 'Edit message',
  more: 'More actions',
  copyLink: 'Copy link',
  markUnread: 'Mark as unread',
  delete: 'Delete message',
  deleteSure: 'Delete for everyone?',
});
