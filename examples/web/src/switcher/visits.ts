import { useEffect } from 'react';

const KEPT_MAX = 50;
let visited: readonly string[] = [];

/** The conversations that were open in this window, the latest first. */
export const visits = (): readonly string[] => visited;

/** Notes the open conversation, so that the switcher offers the one before it first. */
export function useVisits(chatId: string | undefined): void {
  useEffect(() => {
    if (chatId !== undefined) visited = [chatId, ...visited.filter((id) => id !== chatId)].slice(0, KEPT_MAX);
  }, [chatId]);
}
