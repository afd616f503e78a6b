import type { Webhook } from '@fechatter/client';
import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { Choices } from '../ui/choices.tsx';
import { Details } from '../ui/details.tsx';
import { Field, Form, Problem, textOf } from '../ui/form.tsx';
import { ShownOnce } from '../ui/shown-once.tsx';
import { SureButton } from '../ui/sure-button.tsx';
import { useCall } from '../ui/use-call.ts';
import { DeliveryList } from './delivery-list.tsx';
import { kindsOf, kindWords } from './kinds.ts';
import { stateOf } from './words.ts';

export interface WebhookSettingsProps {
  readonly webhook: Webhook;
  readonly onChanged: () => void;
}

/** One webhook: its state, address and kinds, its secret, and what it sent. */
export function WebhookSettings({ webhook, onChanged }: WebhookSettingsProps) {
  const { id: webhookId, url, kinds, isEnabled } = webhook;
  const [secret, setSecret] = useState<string>();
  /** How many tests were sent, so that the deliveries are read again. */
  const [tests, setTests] = useState(0);
  const { run, problem, isBusy } = useCall();
  const change = (work: () => Promise<unknown>) =>
    run(async () => {
      await work();
      onChanged();
    });

  async function save(fields: FormData): Promise<void> {
    await chatter.webhook.update.mutate({ webhookId, url: textOf(fields, 'url'), kinds: kindsOf(fields) });
    onChanged();
  }
  const rotate = async () => setSecret((await chatter.webhook.rotateSecret.mutate({ webhookId })).secret);
  const test = async () => {
    await chatter.webhook.test.mutate({ webhookId });
    setTests((before) => before + 1);
  };

  return (
    <div className="stack nested">
      <p>{stateOf(webhook)}</p>
      {secret !== undefined && (
        <>
          <p>For 24 hours the old secret signs too.</p>
          <ShownOnce key={secret} label="New secret of the webhook" what="secret" value={secret} />
        </>
      )}
      <Problem text={problem} />
      <footer>
        <button
          type="button"
          disabled={isBusy}
          onClick={() => change(() => chatter.webhook.update.mutate({ webhookId, isEnabled: !isEnabled }))}
        >
          {isEnabled ? 'Switch off' : 'Switch on'}
        </button>
        <button type="button" disabled={isBusy} onClick={() => run(test)}>
          Send a test
        </button>
        <SureButton question="Make a new secret?" className="" onSure={() => run(rotate)}>
          Replace the secret
        </SureButton>
        <SureButton
          question="Delete this webhook?"
          onSure={() => change(() => chatter.webhook.delete.mutate({ webhookId }))}
        >
          Delete the webhook
        </SureButton>
      </footer>
      <Details summary="Address and kinds">
        <Form key={`${url} ${kinds.join()}`} submit="Save the webhook" onSubmit={save}>
          <Field label="Address" name="url" type="url" defaultValue={url} required />
          <Choices legend="What is sent" name="kinds" options={kindWords} chosen={kinds} />
        </Form>
      </Details>
      <Details summary="Deliveries">
        <DeliveryList key={tests} webhookId={webhookId} />
      </Details>
    </div>
  );
}
