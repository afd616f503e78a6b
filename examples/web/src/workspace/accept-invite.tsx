import { isFechatterError, type Workspace } from '@fechatter/client';
import { useState } from 'react';
import { VerificationMail } from '../account/verification-mail.tsx';
import { chatter } from '../chatter.ts';
import { chatLink, goWhen, workspaceLink } from '../route.ts';
import { Form } from '../ui/form.tsx';
import { texts } from './texts.ts';

const FIRST = 'general';
const PAGE_MAX = 100;

/** The page of an invitation's link. The workspace's name is visible only after joining. */
export function AcceptInvite({ token }: { readonly token: string }) {
  const [isUnverified, setUnverified] = useState(false);

  async function accept(): Promise<string> {
    const workspace = await chatter.workspace.acceptInvite.mutate({ token }).catch((error: unknown) => {
      setUnverified(isFechatterError(error, 'email_unverified'));
      throw error;
    });
    const chatId = await firstChannel(workspace);
    return chatId === undefined ? workspaceLink(workspace.id) : chatLink({ workspaceId: workspace.id, id: chatId });
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

/** Joins the channel `general`, else the oldest, so that no one begins with an empty page; undefined if they see none. */
async function firstChannel({ id: workspaceId }: Workspace): Promise<string | undefined> {
  const named = await chatter.workspace.channels.query({ workspaceId, query: FIRST, limit: PAGE_MAX });
  const general = named.channels.find(({ name, archivedAt }) => name === FIRST && archivedAt === null);
  const channel = general ?? (await oldestChannel(workspaceId));
  if (channel === undefined) return undefined;
  await chatter.chat.join.mutate({ chatId: channel.id });
  return channel.id;
}

async function oldestChannel(workspaceId: string) {
  const { channels } = await chatter.workspace.channels.query({ workspaceId, limit: PAGE_MAX });
  return channels
    .filter(({ archivedAt }) => archivedAt === null)
    .toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime())[0];
}
