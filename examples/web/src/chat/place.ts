import type { ChatRow, ChatType, Message } from '@fechatter/client';
import { createContext, useContext, useMemo } from 'react';

/** Where messages are shown, and what can be done with them there. It changes rarely: every row depends on it. */
export interface Place {
  readonly workspaceId: string;
  readonly chatId: string;
  readonly chatType: ChatType | undefined;
  readonly role: ChatRow['role'];
  /** The root of the thread whose replies are shown; undefined in the main timeline. */
  readonly rootId: string | undefined;
  /** Begins a message that quotes this one; undefined where nothing can be written. */
  readonly onQuote: ((message: Message) => void) | undefined;
}

const NOWHERE: Place = {
  workspaceId: '',
  chatId: '',
  chatType: undefined,
  role: null,
  rootId: undefined,
  onQuote: undefined,
};

export const PlaceContext = createContext<Place>(NOWHERE);

/** Whether people see who has read their messages there: the service keeps that for small chats. */
export const hasReceiptsIn = ({ chatType, rootId }: Place): boolean =>
  rootId === undefined && (chatType === 'Single' || chatType === 'Group');

export const usePlace = (): Place => useContext(PlaceContext);

/** The place of a chat or of one of its threads; without `onQuote` it is only looked at. */
export function usePlaceOf(
  chat: Pick<ChatRow, 'workspaceId' | 'id' | 'chatType' | 'role'> | undefined,
  onQuote?: (message: Message) => void,
  rootId?: string,
): Place {
  const { workspaceId = '', id: chatId = '', chatType, role = null } = chat ?? {};
  return useMemo(
    () => ({ workspaceId, chatId, chatType, role, rootId, onQuote }),
    [workspaceId, chatId, chatType, role, rootId, onQuote],
  );
}
