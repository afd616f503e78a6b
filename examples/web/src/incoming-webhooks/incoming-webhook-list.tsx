import { useMembers } from '@fechatter/client/react';
import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { dateOf } from '../texts/when.ts';
import { Field, Form, Problem, textOf } from '../ui/form.tsx';
import { ShownOnce } from '../ui/shown-once.tsx';
import { SureButton } from '../ui/sure-button.tsx';
import { useCall } from '../ui/use-call.ts';
import { useResult } from '../ui/use-result.ts';
import { texts } from './texts.ts';

/** The addresses at which other programs post into a chat, for its Admins. */
export function IncomingWebhookList({ chatId }: { readonly chatId: string }) {
  const webhooks = useIncomingWebhooks(chatId);
  const [url, setUrl] = useState<string>();
  const { run, problem } = useCall();

  async function create(fields: FormData): Promise<void> {
    const made = await chatter.incomingWebhook.create.mutate({ chatId, name: textOf(fields, 'name') });
    setUrl(made.url);
    webhooks.askAgain();
  }
  const remove = (webhookId: string) =>
    run(async () => {
      await chatter.incomingWebhook.delete.mutate({ webhookId });
      webhooks.askAgain();
    });

  return (
    <div className="stack">
      <p className="quiet">{texts.hint}</p>
      <Problem text={webhooks.problem ?? problem} />
      <ul className="rows">
        {webhooks.result?.incomingWebhooks.map(({ id, name, createdAt }) => (
          <li key={id}>
            <span className="name" dir="auto">
              {name}
              <small>{texts.since(dateOf(createdAt))}</small>
            </span>
            <SureButton question={texts.deleteSure} label={texts.deleteOf(name)} className="" onSure={() => remove(id)}>
              {texts.delete}
            </SureButton>
          </li>
        ))}
      </ul>
      {url !== undefined && <ShownOnce key={url} label={texts.address} copyLabel={texts.copyAddress} value={url} />}
      <Form key={url} submit={texts.create} onSubmit={create}>
        <Field label={texts.name} name="name" required maxLength={100} />
      </Form>
    </div>
  );
}

/** Each has a bot in the chat, whose joining and leaving are events: what was made or deleted elsewhere shows at once. */
function useIncomingWebhooks(chatId: string) {
  const bots = useMembers(chatId)?.flatMap(({ user }) => (user.kind === 'Bot' ? [user.id] : []));
  return useResult(() => chatter.incomingWebhook.list.query({ chatId }), `${chatId} ${bots?.join(' ')}`);
}
