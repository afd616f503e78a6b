import { useStore } from '@fechatter/client/react';
import { usePeople } from '../people/people.ts';
import { plainOf } from './plain.ts';

/** Returns messages of a workspace as one line of text: see {@link plainOf}. */
export function usePlain(workspaceId: string): (content: string, maxChars?: number) => string {
  const people = usePeople(workspaceId);
  const store = useStore();
  const names = {
    person: (id: string) => people.get(id)?.name,
    chat: (id: string) => store.chat(id).getSnapshot()?.name,
  };
  return (content, maxChars) => plainOf(content, names, maxChars);
}
