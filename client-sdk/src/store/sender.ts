import type { Message } from '../wire.ts';

type Sender = Message['sender'];

/** Whether two states of a person are shown alike. */
export const isShownAs = (a: Sender, b: Sender): boolean =>
  a.name === b.name && a.avatarUrl === b.avatarUrl && a.accountId === b.accountId;

/** A sender with the name, the picture and the account of a newer state. */
export const shownAs = (sender: Sender, { name, avatarUrl, accountId }: Sender): Sender => ({
  ...sender,
  name,
  avatarUrl,
  ...(accountId !== undefined && { accountId }),
});
