import type { ChatList, User } from '@fechatter/contract';
import type { Config } from '@fechatter/service-kit';
import type { z } from 'zod';
import type { Drops } from './drops.ts';
import { RememberedReads } from './remembered-reads.ts';

/** A page of `chat.list` as it is read. */
export type ReadChatList = z.input<typeof ChatList>;

/** Reads that are remembered for some seconds, by `cache.chatListSeconds` and `cache.profileSeconds`. */
export interface Remembered {
  readonly drops: Drops;
  readonly chatLists: RememberedReads<ReadChatList>;
  readonly profiles: RememberedReads<z.input<typeof User>>;
}

const CHAT_LISTS_MAX_BYTES = 134_217_728;
const PROFILES_MAX_BYTES = 8_388_608;
/** The overhead of V8 per entry, per chat and per profile: objects, ids and dates. */
const ENTRY_BYTES = 500;
const CHAT_BYTES = 1_500;
const PROFILE_BYTES = 800;

/** `knowsRevocations`: whether this process knows what was taken away until 2 s ago. */
export function createRemembered(
  { chatListSeconds, profileSeconds }: Config<'server'>['cache'],
  drops: Drops,
  knowsRevocations: () => boolean,
): Remembered {
  return {
    drops,
    chatLists: new RememberedReads({
      seconds: chatListSeconds,
      bytesMax: CHAT_LISTS_MAX_BYTES,
      bytesOf: ({ chats }) => chats.reduce((sum, chat) => sum + CHAT_BYTES + 2 * textChars(chat), ENTRY_BYTES),
      drops,
      knowsRevocations,
    }),
    profiles: new RememberedReads({
      seconds: profileSeconds,
      bytesMax: PROFILES_MAX_BYTES,
      bytesOf: ({ fullName, avatarUrl }) => PROFILE_BYTES + 2 * (fullName.length + (avatarUrl?.length ?? 0)),
      drops,
      knowsRevocations,
    }),
  };
}

const textChars = ({ name, lastMessage, mentionNumbers }: ReadChatList['chats'][number]): number =>
  name.length + (lastMessage?.content.length ?? 0) + 4 * mentionNumbers.length;
