import { dropFactorsOfUser } from '@fechatter/server';
import { type Command, type CommandContext, onlyArgument } from '../command.ts';
import { withDatabase } from '../deployment.ts';
import { changing } from './changing.ts';
import { findUser } from './find-user.ts';

export const usersDropFactors: Command = {
  summary: 'remove the second factors of a person who lost them; all their sessions end within 2 s',
  usage: '<id or e-mail>',
  details:
    'From then on the password alone signs in. Make sure that the request comes from this person: the password is then enough to sign in.',
  run: drop,
};

async function drop(context: CommandContext): Promise<void> {
  const wanted = onlyArgument(context, 'id or e-mail');
  await withDatabase(context.env, async (db) => {
    const { id, email } = await findUser(db, wanted);
    const hadFactors = await dropFactorsOfUser(changing(db), id);
    const line = hadFactors ? `${email} has no second factor any more` : `${email} has no second factor`;
    context.show({ id, email, hadFactors }, [line]);
  });
}
