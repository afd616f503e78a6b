import { chatter } from '../chatter.ts';
import { UnsentText } from '../drafts/kept-text.tsx';
import { chatLink, goWhen } from '../route.ts';
import { Field, Form, textOf } from '../ui/form.tsx';
import { texts } from './texts.ts';

/** For a person who is in no workspace; `chatId` is the conversation that was open when the last one ended. */
export function Welcome({ chatId }: { readonly chatId: string | undefined }) {
  return (
    <main className="entry">
      <h1>{texts.welcome(chatter.session?.fullName ?? '')}</h1>
      <p>{texts.welcomeHint}</p>
      {chatId !== undefined && <UnsentText chatId={chatId} />}
      <CreateWorkspace />
      <p>
        <button type="button" className="link" onClick={() => void chatter.auth.signout.mutate()}>
          {texts.signOut}
        </button>
      </p>
    </main>
  );
}

export function CreateWorkspace({ onCreated = () => {} }: { readonly onCreated?: () => void }) {
  return (
    <Form submit={texts.createWorkspace} onSubmit={(fields) => goWhen(create(fields)).then(onCreated)}>
      <Field label={texts.workspaceName} name="name" required maxLength={100} autoFocus />
    </Form>
  );
}

async function create(fields: FormData): Promise<string> {
  const { id } = await chatter.workspace.create.mutate({ name: textOf(fields, 'name') });
  const chatType = 'PublicChannel';
  return chatLink(await chatter.chat.create.mutate({ name: 'general', chatType, workspaceId: id, memberIds: [] }));
}
