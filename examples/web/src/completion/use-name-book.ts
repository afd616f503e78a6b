import { useStore } from '@fechatter/client/react';
import { useEffect, useRef, useState } from 'react';
import type { ChatOfNames } from './completing-area.tsx';
import { bookOf, type NameBook } from './names.ts';

const NOBODY: NameBook = { people: new Map(), chats: new Map() };

export interface NamesOfChat {
  readonly book: NameBook;
  /** Of people with one name, the one who was chosen last is meant. */
  readonly notePicked: (name: string, id: string) => void;
}

/**
 * Who and what can be mentioned in a chat. The members are read only when a text has a sign that needs them: `isNeeded`.
 */
export function useNameBook(chat: ChatOfNames, isNeeded: boolean): NamesOfChat {
  const store = useStore();
  const picked = useRef(new Map<string, string>());
  const [book, setBook] = useState(NOBODY);
  useEffect(() => {
    if (!isNeeded) return undefined;
    const members = store.members(chat.id);
    const update = () => {
      const channels = store.chats
        .getSnapshot()
        .filter(({ workspaceId, chatType }) => workspaceId === chat.workspaceId && chatType.endsWith('Channel'));
      setBook({
        people: bookOf(
          (members.getSnapshot() ?? []).map(({ user }) => user),
          picked.current,
        ),
        chats: bookOf(channels),
      });
    };
    update();
    const stops = [members.subscribe(update), store.chats.subscribe(update)];
    return () => {
      for (const stop of stops) stop();
    };
  }, [store, chat.id, chat.workspaceId, isNeeded]);
  const notePicked = (name: string, id: string) => {
    picked.current.set(name, id);
    setBook((before) => ({ ...before, people: new Map(before.people).set(name, id) }));
  };
  return { book, notePicked };
}
