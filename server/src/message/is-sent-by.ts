import type { MessageRow } from '@fechatter/drizzle';

/** Whether this person wrote a message, here or as the placeholder of an import that they claimed. */
export const isSentBy = (row: Pick<MessageRow, 'sender_id' | 'sender_account_id'>, userId: string): boolean =>
  row.sender_id === userId || row.sender_account_id === userId;
