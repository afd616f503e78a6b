import type { Workspace } from '@fechatter/client';
import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { inviteLink } from '../route.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Form, textOf } from '../ui/form.tsx';
import { roleOf, rolesUpTo } from '../ui/roles.ts';
import { Select } from '../ui/select.tsx';
import { InviteList } from './invite-list.tsx';

const lifetimes = { '3600': '1 hour', '86400': '1 day', '604800': '7 days', '2592000': '30 days' };

export interface InviteDialogProps {
  readonly workspace: Workspace;
  readonly onClose: () => void;
}

/** Makes an invitation link to the workspace, and shows the open ones. */
export function InviteDialog({ workspace: { id: workspaceId, name, role }, onClose }: InviteDialogProps) {
  const [link, setLink] = useState<string>();
  const [isCopied, setCopied] = useState(false);

  async function invite(fields: FormData): Promise<void> {
    const { token } = await chatter.workspace.invite.mutate({
      workspaceId,
      role: roleOf(textOf(fields, 'role')),
      expiresInSeconds: Number(textOf(fields, 'lifetime')),
      maxUses: Number(textOf(fields, 'uses')),
    });
    setLink(inviteLink(token));
    setCopied(false);
  }

  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(link ?? '');
    setCopied(true);
  }

  return (
    <Dialog title={`Invite people to ${name}`} onClose={onClose}>
      {link === undefined ? (
        <Form submit="Make a link" onSubmit={invite}>
          <div className="abreast">
            <Select
              label="As"
              name="role"
              options={Object.fromEntries(rolesUpTo(role).map((one) => [one, one]))}
              defaultValue="Member"
            />
            <Select label="It works for" name="lifetime" options={lifetimes} defaultValue="604800" />
            <Field label="For how many" name="uses" type="number" min={1} max={10_000} defaultValue={25} required />
          </div>
        </Form>
      ) : (
        <Form submit={isCopied ? 'Copied' : 'Copy link'} onSubmit={copy}>
          <Field
            label="Send this link; it is shown only now"
            readOnly
            value={link}
            onFocus={(event) => event.target.select()}
          />
        </Form>
      )}
      <InviteList key={link} workspaceId={workspaceId} />
    </Dialog>
  );
}
