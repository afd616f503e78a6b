import { chatter } from '../chatter.ts';
import { dateAndTimeOf } from '../texts/when.ts';
import { Problem } from '../ui/form.tsx';
import { More } from '../ui/more.tsx';
import { SureButton } from '../ui/sure-button.tsx';
import { texts as uiTexts } from '../ui/texts.ts';
import { useCall } from '../ui/use-call.ts';
import { usePages } from '../ui/use-pages.ts';
import { texts } from './texts.ts';

/** The invitation links that still work. */
export function InviteList({ workspaceId }: { readonly workspaceId: string }) {
  const pages = usePages(async (cursor) => {
    const { invites, nextCursor } = await chatter.workspace.invites.query({ workspaceId, cursor });
    return { rows: invites, nextCursor };
  }, workspaceId);
  const { run, problem } = useCall();
  const revoke = (inviteId: string) =>
    run(async () => {
      await chatter.workspace.revokeInvite.mutate({ workspaceId, inviteId });
      pages.askAgain();
    });
  if (pages.rows?.length === 0) return null;
  return (
    <section>
      <h3>{texts.openInvites}</h3>
      <Problem text={pages.problem ?? problem} />
      <ul className="rows">
        {pages.rows?.map(({ id, role, email, uses, maxUses, expiresAt }) => (
          <li key={id}>
            <span className="name">
              {email === null
                ? texts.linkFor(uiTexts.roles[role])
                : texts.mailFor({ email, role: uiTexts.roles[role] })}
              <small>{texts.used({ uses, maxUses, until: dateAndTimeOf(expiresAt) })}</small>
            </span>
            <SureButton question={texts.revokeSure} className="" onSure={() => revoke(id)}>
              {texts.revoke}
            </SureButton>
          </li>
        ))}
        <More pages={pages} />
      </ul>
    </section>
  );
}
