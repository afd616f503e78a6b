import { useSlice, useStore } from '@fechatter/client/react';
import { chatter } from '../chatter.ts';
import { dateAndTimeOf } from '../texts/when.ts';
import { Problem } from '../ui/form.tsx';
import { More } from '../ui/more.tsx';
import { texts as uiTexts } from '../ui/texts.ts';
import { usePages } from '../ui/use-pages.ts';
import { texts } from './texts.ts';

/** Who did what to whom, for Owners, the newest first. */
export function AuditLog({ workspaceId }: { readonly workspaceId: string }) {
  const pages = usePages(async (cursor) => {
    const { entries, nextCursor } = await chatter.workspace.auditLog.query({ workspaceId, cursor });
    return { rows: entries, nextCursor };
  }, workspaceId);
  const members = useSlice(useStore().workspaceMembers(workspaceId));
  const names = new Map(members?.map(({ user }) => [user.id, user.name]));
  const nameOf = (id: string) => names.get(id) ?? texts.left;
  return (
    <>
      <Problem text={pages.problem} />
      <ul className="rows">
        {pages.rows?.map(({ id, action, actorId, userId, address, createdAt, details: { role, serviceKeyId } }) => (
          <li key={id}>
            <span className="name" dir="auto">
              {texts.entry(
                actorId === null ? unnamed(action, serviceKeyId) : nameOf(actorId),
                wordsOf(action),
                userId === null || userId === actorId ? undefined : nameOf(userId),
              )}
              {role !== undefined && texts.as(uiTexts.roles[role])}
              <small>
                {dateAndTimeOf(createdAt)}
                {address !== null && ` · ${address}`}
              </small>
            </span>
          </li>
        ))}
        <More pages={pages} />
      </ul>
    </>
  );
}

/** The person of a failed sign-in is unknown. */
function unnamed(action: string, serviceKeyId: string | undefined): string {
  if (serviceKeyId !== undefined) return texts.app;
  return action === 'account.signInFailed' || action === 'account.attacked' ? texts.someone : texts.operator;
}

/** A newer service may have actions that this page does not know. */
const wordsOf = (action: string): string =>
  Object.entries(texts.actions).find(([name]) => name === action)?.[1] ?? action;
