import { suspendUser } from '@fechatter/server';
import { type Command, type CommandContext, onlyArgument } from '../command.ts';
import { withDatabase } from '../deployment.ts';
import { changing } from './changing.ts';
import { findUser } from './find-user.ts';

export const usersSuspend: Command = {
  summary: 'suspend an account in the whole deployment; all its sessions end within 2 s',
  usage: '<id or e-mail>',
  details: 'Memberships stay, and others see the status. `users reactivate` undoes it.',
  run: suspend,
};

async function suspend(context: CommandContext): Promise<void> {
  const wanted = onlyArgument(context, 'id or e-mail');
  await withDatabase(context.env, async (db) => {
    const { id, email } = await findUser(db, wanted);
    await suspendUser(changing(db), id);
    context.show({ id, email, status: 'Suspended' }, [`${email ?? id} is suspended`]);
  });
}
