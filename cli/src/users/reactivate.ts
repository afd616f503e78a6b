import { reinstateUser } from '@fechatter/server';
import { type Command, type CommandContext, onlyArgument } from '../command.ts';
import { withDatabase } from '../deployment.ts';
import { changing } from './changing.ts';
import { findUser } from './find-user.ts';

export const usersReactivate: Command = {
  summary: 'reactivate a suspended account; its sessions stay ended',
  usage: '<id or e-mail>',
  run: reactivate,
};

async function reactivate(context: CommandContext): Promise<void> {
  const wanted = onlyArgument(context, 'id or e-mail');
  await withDatabase(context.env, async (db) => {
    const { id, email } = await findUser(db, wanted);
    await reinstateUser(changing(db), id);
    context.show({ id, email, status: 'Active' }, [`${email ?? id} is active`]);
  });
}
