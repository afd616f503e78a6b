import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { Choices } from '../ui/choices.tsx';
import { Details } from '../ui/details.tsx';
import { Field, Form, Problem, textOf } from '../ui/form.tsx';
import { ShownOnce } from '../ui/shown-once.tsx';
import { useResult } from '../ui/use-result.ts';
import { kindsOf } from './kinds.ts';
import { texts } from './texts.ts';
import { WebhookSettings } from './webhook-settings.tsx';

/** The webhooks of a bot: what it sees is sent to an address. */
export function WebhookList({ botId }: { readonly botId: string }) {
  const webhooks = useResult(() => chatter.webhook.list.query({ botId }), botId);
  const [secret, setSecret] = useState<string>();

  async function create(fields: FormData): Promise<void> {
    const made = await chatter.webhook.create.mutate({ botId, url: textOf(fields, 'url'), kinds: kindsOf(fields) });
    setSecret(made.secret);
    webhooks.askAgain();
  }

  return (
    <div className="stack nested">
      <p className="quiet">{texts.hint}</p>
      <Problem text={webhooks.problem} />
      <ul>
        {webhooks.result?.webhooks.map((webhook) => (
          <li key={webhook.id}>
            <Details summary={webhook.isEnabled ? webhook.url : texts.off(webhook.url)}>
              <WebhookSettings webhook={webhook} onChanged={webhooks.askAgain} />
            </Details>
          </li>
        ))}
      </ul>
      {secret !== undefined && (
        <ShownOnce key={secret} label={texts.secret} copyLabel={texts.copySecret} value={secret} />
      )}
      <Details summary={texts.new}>
        <Form key={secret} submit={texts.create} onSubmit={create}>
          <Field label={texts.address} name="url" type="url" required placeholder={texts.example} />
          <Choices legend={texts.whatIsSent} name="kinds" options={texts.kinds} chosen={['message.created']} />
        </Form>
      </Details>
    </div>
  );
}
