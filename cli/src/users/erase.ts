import { closeAccount, wipeAccount } from '@fechatter/server';
import { type Command, type CommandContext, onlyArgument, UsageError } from '../command.ts';
import { withDatabase } from '../deployment.ts';
import { silent } from '../silent-log.ts';
import { changing } from './changing.ts';
import { findUser } from './find-user.ts';

export const usersErase: Command = {
  summary: 'permanently erase a person and the content of everything that they sent',
  usage: '<id or e-mail>',
  details: `
  --yes  confirm

Sessions, memberships, name and e-mail address are deleted at once, messages in batches while everything runs. If you stop
it, a worker continues, and so does running it again. It is refused if the person is the only Owner of a workspace with
other members. A workspace without other members is deleted.`,
  options: { yes: { type: 'boolean' } },
  run: erase,
};

async function erase(context: CommandContext): Promise<void> {
  const wanted = onlyArgument(context, 'id or e-mail');
  if (context.options.yes !== true) throw new UsageError('this cannot be undone: say --yes');
  await withDatabase(context.env, async (db) => {
    const { id } = await findUser(db, wanted);
    const { notifier } = changing(db);
    await closeAccount({ deps: { db, notifier } }, id);
    context.print(`${id} is closed; wiping`);
    await wipeAccount({ db, notifier, log: silent }, id, context.signal);
    const { rows } = await db.pool.query<{ is_wiped: boolean }>(
      'select wiped_at is not null as is_wiped from users where id = $1',
      [id],
    );
    const isWiped = rows[0]?.is_wiped ?? false;
    context.show({ id, isWiped }, [isWiped ? 'done' : 'stopped; a worker continues']);
  });
}
