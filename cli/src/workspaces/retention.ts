import { limits } from '@fechatter/contract';
import { setRetentionOf } from '@fechatter/server';
import { type Command, type CommandContext, numberOption, onlyArgument, UsageError } from '../command.ts';
import { withDatabase } from '../deployment.ts';
import { changing } from '../users/changing.ts';
import { findWorkspace } from './find-workspace.ts';

export const workspacesRetention: Command = {
  summary: 'set how many days a workspace keeps its messages',
  usage: '<id>',
  details: `
  --days <number>  1 to ${limits.retentionMaxDays}; older messages are permanently purged within minutes
  --forever        keep all messages`,
  options: { days: { type: 'string' }, forever: { type: 'boolean' } },
  run: retention,
};

async function retention(context: CommandContext): Promise<void> {
  const wanted = onlyArgument(context, 'id');
  const isForever = context.options.forever === true;
  if (isForever === (context.options.days !== undefined)) throw new UsageError('say either --days or --forever');
  const days = isForever
    ? null
    : numberOption(context, 'days', { min: 1, max: limits.retentionMaxDays, fallback: limits.retentionMaxDays });
  await withDatabase(context.env, async (db) => {
    const { id, name } = await findWorkspace(db, wanted);
    await setRetentionOf(changing(db), id, days);
    context.show({ id, name, retentionDays: days }, [
      `${name} keeps its messages ${days === null ? 'for ever' : `for ${days} days`}`,
    ]);
  });
}
