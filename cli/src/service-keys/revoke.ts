import { revokeServiceKey } from '@fechatter/server';
import { type Command, type CommandContext, onlyArgument } from '../command.ts';
import { withDatabase } from '../deployment.ts';

export const serviceKeysRevoke: Command = {
  summary: 'revoke the key of another app, at once',
  usage: '<id>',
  details: 'What it made stays, and so do the sessions that it opened: end those with `users suspend` or in the app.',
  run: revoke,
};

async function revoke(context: CommandContext): Promise<void> {
  const id = onlyArgument(context, 'id');
  if (!(await withDatabase(context.env, (db) => revokeServiceKey(db, id))))
    throw new Error(`there is no service key ${id}`);
  context.show({ id, isRevoked: true }, [`${id} is revoked`]);
}
