import { chatter } from '../chatter.ts';
import { dateAndTimeOf } from '../texts/when.ts';
import { Problem } from '../ui/form.tsx';
import { More } from '../ui/more.tsx';
import { SureButton } from '../ui/sure-button.tsx';
import { useCall } from '../ui/use-call.ts';
import { usePages } from '../ui/use-pages.ts';

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
      <h3>Open invitations</h3>
      <Problem text={pages.problem ?? problem} />
      <ul className="rows">
        {pages.rows?.map(({ id, role, email, uses, maxUses, expiresAt }) => (
          <li key={id}>
            <span className="name">
              {email === null ? `Link for a new ${role}` : `${email}, as ${role}`}
              <small>
                {uses} of {maxUses} used · until {dateAndTimeOf(expiresAt)}
              </small>
            </span>
            <SureButton question="Revoke it?" className="" onSure={() => revoke(id)}>
              Revoke
            </SureButton>
          </li>
        ))}
        <More pages={pages} />
      </ul>
    </section>
  );
}
