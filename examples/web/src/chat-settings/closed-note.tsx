import { allows, type ChatRow } from '@fechatter/client';
import { useRoleIn } from '../workspace/use-role-in.ts';
import { texts } from './texts.ts';

/** Why the person cannot write here; undefined if they can. */
export function useClosedBecause(chat: ChatRow): string | undefined {
  const role = useRoleIn(chat);
  if (chat.archivedAt !== null) return texts.isArchived;
  return chat.whoPosts === 'Admins' && !allows(role, 'chat.update') ? texts.onlyAdmins : undefined;
}

/** Stands where messages are written otherwise. */
export function ClosedNote({ because }: { readonly because: string }) {
  return (
    <p className="closed quiet" role="status">
      {because}
    </p>
  );
}
