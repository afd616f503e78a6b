import { useChats, useConnection } from '@fechatter/client/react';
import { useChosenNames } from '../files/chosen-files.ts';
import { chatLink, useRoute } from '../route.ts';
import { chatOf } from './draft-names.ts';
import { texts } from './texts.ts';
import { useDraftedChats } from './use-draft.ts';

/** Links to unsent texts in conversations that are gone, so that they can be found. */
export function LostTexts({ workspaceId }: { readonly workspaceId: string }) {
  const { unsent, isLoaded } = useConnection();
  const present = new Set(useChats().map(({ id }) => id));
  const { chatId: current } = useRoute();
  const chosen = useChosenNames().map(chatOf);
  const written = new Set([...useDraftedChats(), ...chosen, ...unsent.map(({ chatId }) => chatId)]);
  const lost = [...written].filter((id) => !present.has(id) && id !== current);
  if (!isLoaded || lost.length === 0) return null;
  return (
    <ul className="lost">
      {lost.map((id) => (
        <li key={id}>
          <a href={chatLink({ workspaceId, id })}>{texts.lost}</a>
        </li>
      ))}
    </ul>
  );
}
