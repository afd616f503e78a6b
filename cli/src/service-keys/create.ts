import { ExternalId, Name, ServiceScope } from '@fechatter/contract';
import { createServiceKey } from '@fechatter/server';
import { type Command, type CommandContext, textOption, UsageError } from '../command.ts';
import { withDatabase } from '../deployment.ts';

/** Whose people keys are for that were made without an issuer. */
const DEFAULT_ISSUER = 'service-keys';

export const serviceKeysCreate: Command = {
  summary: 'create a key for the server of another app (admin.*), and print it once',
  details: `
  --name <text>      what it is for; default: service key
  --issuer <text>    whose people, workspaces and chats it sees: those of all keys of this issuer, and the people whom
                     tokens of this issuer in auth.issuers sign in; default: ${DEFAULT_ISSUER}
  --scopes <words>   what it may do, with commas between: ${ServiceScope.options.join(',')}; default: all`,
  options: { name: { type: 'string' }, issuer: { type: 'string' }, scopes: { type: 'string' } },
  run: create,
};

async function create(context: CommandContext): Promise<void> {
  if (context.args.length > 0) throw new UsageError('no arguments are expected, only options');
  const name = Name.safeParse(textOption(context, 'name') ?? 'service key').data;
  if (name === undefined) throw new UsageError('--name: expected 1 to 100 characters on one line');
  const issuer = ExternalId.safeParse(textOption(context, 'issuer') ?? DEFAULT_ISSUER).data;
  if (issuer === undefined) throw new UsageError('--issuer: expected 1 to 255 characters');
  const scopes = scopesOf(textOption(context, 'scopes'));
  const { id, key } = await withDatabase(context.env, (db) => createServiceKey(db, { name, issuer, scopes }));
  context.show({ id, key, name, issuer, scopes }, [
    key,
    `This is shown only once: give it only to the app's server. Its id is ${id}.`,
  ]);
}

function scopesOf(given: string | undefined): readonly ServiceScope[] {
  if (given === undefined) return ServiceScope.options;
  return [...new Set(given.split(',').map((word) => word.trim()))].map((word) => {
    const { data } = ServiceScope.safeParse(word);
    if (data === undefined)
      throw new UsageError(`--scopes: ${word} given, expected some of ${ServiceScope.options.join(',')}`);
    return data;
  });
}
