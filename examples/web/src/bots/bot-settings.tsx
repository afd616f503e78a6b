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
import { texts } from './texts.ts';

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
      {apiKey !== undefined && (
        <ShownOnce key={apiKey} label={texts.newKeyOf(name)} copyLabel={texts.copyKey} value={apiKey} />
      )}
      <Details summary={texts.nameAndRights}>
        {/* With what others have changed meanwhile. */}
        <Form key={`${name} ${scopes.join()}`} submit={texts.save} onSubmit={save}>
          <Field label={texts.name} name="name" defaultValue={name} required maxLength={100} />
          <Choices legend={texts.rights} name="scopes" options={scopeOptions(scopes)} chosen={scopes} />
        </Form>
      </Details>
      <Details summary={texts.webhooks}>
        <WebhookList botId={botId} />
      </Details>
      <Problem text={problem} />
      <footer>
        <SureButton question={texts.replaceSure} className="" onSure={() => run(rotate)}>
          {texts.replace}
        </SureButton>
        <SureButton question={texts.deleteSure(name)} onSure={() => run(remove)}>
          {texts.delete}
        </SureButton>
      </footer>
    </div>
  );
}
