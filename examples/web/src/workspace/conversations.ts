import type { ChatRow } from '@fechatter/client';

const isChannel = ({ chatType }: Pick<ChatRow, 'chatType'>): boolean =>
  chatType === 'PublicChannel' || chatType === 'PrivateChannel';

/** The conversations of a workspace as the list shows them: channels by name, and the others, the latest first. */
export interface Conversations {
  readonly channels: readonly ChatRow[];
  readonly direct: readonly ChatRow[];
}

export const conversationsOf = (chats: readonly ChatRow[]): Conversations => ({
  channels: chats.filter(isChannel).toSorted((a, b) => a.name.localeCompare(b.name)),
  direct: chats.filter((chat) => !isChannel(chat)),
});
