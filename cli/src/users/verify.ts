import { verifyUser } from '@fechatter/server';
import { type Command, type CommandContext, onlyArgument } from '../command.ts';
import { withDatabase } from '../deployment.ts';
import { changing } from './changing.ts';
import { findUser } from './find-user.ts';

export const usersVerify: Command = {
  summary: 'mark the address of an account as verified, where mail cannot do it',
  usage: '<id or e-mail>',
  details: `
Make sure first that the address is this person's. Other accounts that use it without having verified it lose it, their
passwords and their sessions. The audit log of the account says that the operator did it.`,
  run: verify,
};

async function verify(context: CommandContext): Promise<void> {
  const wanted = onlyArgument(context, 'id or e-mail');
  await withDatabase(context.env, async (db) => {
    const { id, email } = await findUser(db, wanted);
    await verifyUser(changing(db), id);
    context.show({ id, email, isVerified: true }, [`${email ?? id} is verified`]);
  });
}
