import { translated } from '../texts/translated.ts';

/** The texts of a conversation's settings. */
export const texts = translated('chat-settings', {
  title: 'Topic and who writes',
  topic: 'Topic',
  topicHint: 'What it is for, in a line. Empty: none.',
  whoPosts: 'Who writes new messages',
  whoPostsOptions: { All: 'All members', Admins: 'Only Admins and Owners' },
  save: 'Save',
  archive: 'Archive',
  archiveSure: 'Archive it? Nothing new can be written.',
  unarchive: 'Bring it back from the archive',
  isArchived: 'This conversation is archived: it can be read, and nothing new can be written.',
  onlyAdmins: 'Only Admins and Owners of this conversation write here.',
});
