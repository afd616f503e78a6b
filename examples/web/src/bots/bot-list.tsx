import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { Choices } from '../ui/choices.tsx';
import { Details } from '../ui/details.tsx';
import { Field, Form, Problem, textOf } from '../ui/form.tsx';
import { ShownOnce } from '../ui/shown-once.tsx';
import { useResult } from '../ui/use-result.ts';
import { useWorkspaceMembers } from '../workspace/use-workspace-members.ts';
import { BotSettings } from './bot-settings.tsx';
import { scopeOptions, scopesOf } from './scopes.ts';
import { texts } from './texts.ts';

/** The bots of a workspace, for its Admins: programs that take part with a key. */
export function BotList({ workspaceId }: { readonly workspaceId: string }) {
  const bots = useBots(workspaceId);
  const [made, setMade] = useState<{ readonly name: string; readonly apiKey: string }>();

  async function create(fields: FormData): Promise<void> {
    const input = { workspaceId, name: textOf(fields, 'name'), scopes: scopesOf(fields) };
    const { bot, apiKey } = await chatter.bot.create.mutate(input);
    setMade({ name: bot.name, apiKey });
    bots.askAgain();
  }

  return (
    <div className="stack">
      <p className="quiet">{texts.hint}</p>
      <Problem text={bots.problem} />
      {bots.result?.bots.length === 0 && <p className="quiet">{texts.none}</p>}
      <ul>
        {bots.result?.bots.map((bot) => (
          <li key={bot.id}>
            <Details summary={bot.name}>
              <BotSettings bot={bot} onChanged={bots.askAgain} />
            </Details>
          </li>
        ))}
      </ul>
      {made && (
        <ShownOnce key={made.apiKey} label={texts.keyOf(made.name)} copyLabel={texts.copyKey} value={made.apiKey} />
      )}
      <Details summary={texts.new}>
        {/* Emptied when a bot was made. */}
        <Form key={made?.apiKey} submit={texts.create} onSubmit={create}>
          <Field label={texts.name} name="name" required maxLength={100} />
          <Choices legend={texts.rights} name="scopes" options={scopeOptions([])} chosen={['read']} />
        </Form>
      </Details>
    </div>
  );
}

/** No event is about bots, but those of members are: a bot that was made or deleted elsewhere shows at once. */
function useBots(workspaceId: string) {
  const members = useWorkspaceMembers(workspaceId);
  const bots = members?.filter(({ user }) => user.kind === 'Bot').map(({ user }) => `${user.id} ${user.name}`);
  return useResult(() => chatter.bot.list.query({ workspaceId }), `${workspaceId} ${bots?.join(' ')}`);
}
