import type { Workspace } from '@fechatter/client';
import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { inviteLink } from '../route.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Form, textOf } from '../ui/form.tsx';
import { roleOf, rolesUpTo } from '../ui/roles.ts';
import { Select } from '../ui/select.tsx';
import { ShownOnce } from '../ui/shown-once.tsx';
import { texts as uiTexts } from '../ui/texts.ts';
import { InviteList } from './invite-list.tsx';
import { texts } from './texts.ts';

export interface InviteDialogProps {
  readonly workspace: Workspace;
  readonly onClose: () => void;
}

/** Makes an invitation link to the workspace, and shows the open ones. */
export function InviteDialog({ workspace: { id: workspaceId, name, role }, onClose }: InviteDialogProps) {
  const [link, setLink] = useState<string>();

  async function invite(fields: FormData): Promise<void> {
    const { token } = await chatter.workspace.invite.mutate({
      workspaceId,
      role: roleOf(textOf(fields, 'role')),
      expiresInSeconds: Number(textOf(fields, 'lifetime')),
      maxUses: Number(textOf(fields, 'uses')),
    });
    setLink(inviteLink(token));
  }

  return (
    <Dialog title={texts.invitePeopleTo(name)} onClose={onClose}>
      {link === undefined ? (
        <Form submit={texts.makeLink} onSubmit={invite}>
          <div className="abreast">
            <Select
              label={texts.as}
              name="role"
              options={Object.fromEntries(rolesUpTo(role).map((one) => [one, uiTexts.roles[one]]))}
              defaultValue="Member"
            />
            <Select label={texts.worksFor} name="lifetime" options={texts.lifetimes} defaultValue="604800" />
            <Field label={texts.forHowMany} name="uses" type="number" min={1} max={10_000} defaultValue={25} required />
          </div>
        </Form>
      ) : (
        <ShownOnce label={texts.sendThisLink} copyLabel={texts.copyLink} value={link} />
      )}
      <InviteList key={link} workspaceId={workspaceId} />
    </Dialog>
  );
}
