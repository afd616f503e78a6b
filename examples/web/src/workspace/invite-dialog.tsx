import type { Workspace } from '@fechatter/client';
import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { inviteLink } from '../route.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Form } from '../ui/form.tsx';

const USES = 25;

export interface InviteDialogProps {
  readonly workspace: Workspace;
  readonly onClose: () => void;
}

/** Makes a link that leads whoever opens it into the workspace. */
export function InviteDialog({ workspace, onClose }: InviteDialogProps) {
  const [link, setLink] = useState<string>();
  const [isCopied, setCopied] = useState(false);

  async function invite(): Promise<void> {
    const { token } = await chatter.workspace.invite.mutate({
      workspaceId: workspace.id,
      role: 'Member',
      maxUses: USES,
    });
    setLink(inviteLink(token));
  }

  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(link ?? '');
    setCopied(true);
  }

  return (
    <Dialog title={`Invite people to ${workspace.name}`} onClose={onClose}>
      {link === undefined ? (
        <Form submit="Make a link" onSubmit={invite}>
          <p>Up to {USES} people can join with it as Members, within 7 days.</p>
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
    </Dialog>
  );
}
