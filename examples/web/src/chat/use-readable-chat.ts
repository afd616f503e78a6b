import type { ChatRow } from '@fechatter/client';
import { useChat } from '@fechatter/client/react';
import { useEffect, useState } from 'react';
import { chatter } from '../chatter.ts';

type Found = Pick<ChatRow, 'id' | 'workspaceId' | 'name'> | undefined;

/** How many chats are remembered that messages name and the person is not in. */
const ASKED_MAX = 200;
const asked = new Map<string, Promise<Found>>();

/** A chat that a message names: one of the person's own, or a channel that they can read; undefined for any other. */
export function useReadableChat(chatId: string): Found {
  const own = useChat(chatId);
  const [found, setFound] = useState<Found>();
  const isOwn = own !== undefined;
  useEffect(() => {
    if (isOwn) return undefined;
    let isWanted = true;
    void askOnce(chatId).then((chat) => isWanted && setFound(chat));
    return () => {
      isWanted = false;
    };
  }, [chatId, isOwn]);
  return own ?? (found?.id === chatId ? found : undefined);
}

function askOnce(chatId: string): Promise<Found> {
  const key = `${chatter.session?.id} ${chatId}`;
  const known = asked.get(key);
  if (known !== undefined) return known;
  // Refused: it is of another workspace, private or gone.
  const asking = chatter.chat.get.query({ chatId }).catch(() => undefined);
  asked.set(key, asking);
  const [eldest] = asked.keys();
  if (asked.size > ASKED_MAX && eldest !== undefined) asked.delete(eldest);
  return asking;
}
