import { addressForm } from '@fechatter/contract';
import { type Command, type CommandContext, numberOption, textOption } from '../command.ts';
import { withDatabase } from '../deployment.ts';
import { USER_COLUMNS, type UserRow } from './find-user.ts';

export const usersList: Command = {
  summary: 'list people, oldest first',
  details: `
  --search <text>   only people with this text in their e-mail address or name
  --status <word>   Active or Suspended
  --after <id>      start after this one: the last id of the previous page
  --limit <number>  at most this many, 1 to 1000; default 50`,
  options: {
    search: { type: 'string' },
    status: { type: 'string' },
    after: { type: 'string' },
    limit: { type: 'string' },
  },
  run: list,
};

async function list(context: CommandContext): Promise<void> {
  const search = textOption(context, 'search');
  const limit = numberOption(context, 'limit', { min: 1, max: 1_000, fallback: 50 });
  const users = await withDatabase(context.env, async ({ pool }) => {
    const { rows } = await pool.query<UserRow & { readonly sessions: number }>(
      `select ${USER_COLUMNS}, (select count(*)::int from live_sessions s where s.user_id = u.id) as sessions
       from users u
       where ($1::text is null or strpos(lower(u.email collate "C"), lower($1 collate "C")) > 0
           or strpos(lower(u.full_name collate "und-x-icu"), lower($1 collate "und-x-icu")) > 0)
         and ($2::text is null or u.status::text = $2) and ($3::uuid is null or u.id > $3)
       order by u.id limit $4`,
      [
        search === undefined ? undefined : addressForm(search),
        textOption(context, 'status'),
        textOption(context, 'after'),
        limit,
      ],
    );
    return rows;
  });
  context.show(
    { users },
    users.map(
      ({ id, email, fullName, status, sessions }) =>
        `${id}  ${status.padEnd(9)}  ${String(sessions).padStart(3)} sessions  ${email ?? id}  ${fullName}`,
    ),
  );
}
