/** The texts of what can be done with a message. */
export const texts = {
  edit: 'Edit message',
  more: 'More actions',
  copyLink: 'Copy link',
  markUnread: 'Mark as unread',
  delete: 'Delete message',
  deleteSure: 'Delete for everyone?',
} as const;
