import { isFechatterError, type Workspace } from '@fechatter/client';
import { useState } from 'react';
import { VerificationMail } from '../account/verification-mail.tsx';
import { chatter } from '../chatter.ts';
import { goWhen, workspaceLink } from '../route.ts';
import { Form } from '../ui/form.tsx';
import { texts } from './texts.ts';

/** The page of an invitation's link. The workspace's name is visible only after joining. */
export function AcceptInvite({ token }: { readonly token: string }) {
  const [isUnverified, setUnverified] = useState(false);

  async function accept(): Promise<string> {
    const workspace = await chatter.workspace.acceptInvite.mutate({ token }).catch((error: unknown) => {
      setUnverified(isFechatterError(error, 'email_unverified'));
      throw error;
    });
    await joinGeneral(workspace);
    return workspaceLink(workspace.id);
  }
  return (
    <main className="entry">
      <h1>{texts.invitedTitle}</h1>
      <p>{texts.invited(chatter.session?.fullName ?? '')}</p>
      <Form submit={texts.accept} onSubmit={() => goWhen(accept())}>
        {null}
      </Form>
      {isUnverified && <VerificationMail email={chatter.session?.email ?? ''} />}
      <p>
        <a href="#/">{texts.notNow}</a>
      </p>
    </main>
  );
}

/** Joins the channel `general`, so that no one begins with an empty page. */
async function joinGeneral({ id }: Workspace): Promise<void> {
  const { channels } = await chatter.workspace.channels.query({ workspaceId: id, query: 'general' });
  const general = channels.find(({ name }) => name === 'general');
  if (general !== undefined) await chatter.chat.join.mutate({ chatId: general.id });
}
