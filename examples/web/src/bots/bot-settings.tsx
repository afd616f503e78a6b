import type { Bot } from '@fechatter/client';
import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { Choices } from '../ui/choices.tsx';
import { Details } from '../ui/details.tsx';
import { Field, Form, Problem, textOf } from '../ui/form.tsx';
import { ShownOnce } from '../ui/shown-once.tsx';
import { SureButton } from '../ui/sure-button.tsx';
import { useCall } from '../ui/use-call.ts';
import { WebhookList } from '../webhooks/webhook-list.tsx';
import { scopeOptions, scopesOf } from './scopes.ts';

export interface BotSettingsProps {
  readonly bot: Bot;
  readonly onChanged: () => void;
}

/** One bot: its name and scopes, its key, its webhooks. */
export function BotSettings({ bot: { id: botId, name, scopes }, onChanged }: BotSettingsProps) {
  const [apiKey, setApiKey] = useState<string>();
  const { run, problem } = useCall();

  async function save(fields: FormData): Promise<void> {
    await chatter.bot.update.mutate({ botId, name: textOf(fields, 'name'), scopes: scopesOf(fields, scopes) });
    onChanged();
  }
  const rotate = async () => setApiKey((await chatter.bot.rotateKey.mutate({ botId })).apiKey);
  const remove = async () => {
    await chatter.bot.delete.mutate({ botId });
    onChanged();
  };

  return (
    <div className="stack nested">
      {apiKey !== undefined && <ShownOnce key={apiKey} label={`New key of ${name}`} what="key" value={apiKey} />}
      <Details summary="Name and rights">
        {/* With what others have changed meanwhile. */}
        <Form key={`${name} ${scopes.join()}`} submit="Save the bot" onSubmit={save}>
          <Field label="Name of the bot" name="name" defaultValue={name} required maxLength={100} />
          <Choices legend="What it may do" name="scopes" options={scopeOptions(scopes)} chosen={scopes} />
        </Form>
      </Details>
      <Details summary="Webhooks">
        <WebhookList botId={botId} />
      </Details>
      <Problem text={problem} />
      <footer>
        <SureButton question="The old key ends. Sure?" className="" onSure={() => run(rotate)}>
          Replace the key
        </SureButton>
        <SureButton question={`Delete ${name}?`} onSure={() => run(remove)}>
          Delete the bot
        </SureButton>
      </footer>
    </div>
  );
}
