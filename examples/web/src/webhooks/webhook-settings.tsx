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
import { kindsOf } from './kinds.ts';
import { texts } from './texts.ts';
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
          <p>{texts.oldSecret}</p>
          <ShownOnce key={secret} label={texts.newSecret} copyLabel={texts.copySecret} value={secret} />
        </>
      )}
      <Problem text={problem} />
      <footer>
        <button
          type="button"
          disabled={isBusy}
          onClick={() => change(() => chatter.webhook.update.mutate({ webhookId, isEnabled: !isEnabled }))}
        >
          {isEnabled ? texts.switchOff : texts.switchOn}
        </button>
        <button type="button" disabled={isBusy} onClick={() => run(test)}>
          {texts.sendTest}
        </button>
        <SureButton question={texts.replaceSure} className="" onSure={() => run(rotate)}>
          {texts.replace}
        </SureButton>
        <SureButton
          question={texts.deleteSure}
          onSure={() => change(() => chatter.webhook.delete.mutate({ webhookId }))}
        >
          {texts.delete}
        </SureButton>
      </footer>
      <Details summary={texts.addressAndKinds}>
        <Form key={`${url} ${kinds.join()}`} submit={texts.save} onSubmit={save}>
          <Field label={texts.address} name="url" type="url" defaultValue={url} required />
          <Choices legend={texts.whatIsSent} name="kinds" options={texts.kinds} chosen={kinds} />
        </Form>
      </Details>
      <Details summary={texts.deliveries}>
        <DeliveryList key={tests} webhookId={webhookId} />
      </Details>
    </div>
  );
}
