import { translated } from '../texts/translated.ts';

/** The texts of incoming webhooks. */
export const texts = translated('incoming-webhooks', {
  hint: 'Programs that post to Slack can post here: give them an address. Who knows it can post.',
  since: (date: string) => `Since ${date}`,
  deleteSure: 'Delete it?',
  delete: 'Delete',
  deleteOf: (name: string) => `Delete ${name}`,
  address: 'Address of the webhook',
  copyAddress: 'Copy address',
  create: 'Create address',
  name: 'Name under which it posts',
});
