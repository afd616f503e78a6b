import { type Command, type CommandContext, numberOption, textOption } from './command.ts';
import { withDatabase } from './deployment.ts';

export const workspacesList: Command = {
  summary: 'list workspaces with their size and owners, oldest first',
  details: `
  --after <id>      start after this one: the last id of the previous page
  --limit <number>  at most this many, 1 to 1000; default 50`,
  options: { after: { type: 'string' }, limit: { type: 'string' } },
  run: list,
};

interface WorkspaceRow {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly members: number;
  readonly chats: number;
  readonly owners: readonly string[];
}

async function list(context: CommandContext): Promise<void> {
  const limit = numberOption(context, 'limit', { min: 1, max: 1_000, fallback: 50 });
  const workspaces = await withDatabase(context.env, async ({ pool }) => {
    const { rows } = await pool.query<WorkspaceRow>(
      `select w.id, w.name, w.created_at as "createdAt",
         (select count(*)::int from live_workspace_members m where m.workspace_id = w.id) as members,
         (select count(*)::int from chats c where c.workspace_id = w.id and c.deleted_at is null) as chats,
         array(select coalesce(u.email, u.id::text) from live_workspace_members m join users u on u.id = m.user_id
           where m.workspace_id = w.id and m.role = 'Owner' order by m.joined_at limit 5) as owners
       from workspaces w where w.deleted_at is null and ($1::uuid is null or w.id > $1) order by w.id limit $2`,
      [textOption(context, 'after'), limit],
    );
    return rows;
  });
  context.show(
    { workspaces },
    workspaces.map(
      ({ id, name, members, chats, owners }) =>
        `${id}  ${String(members).padStart(6)} members  ${String(chats).padStart(6)} chats  ${name}  (${owners.join(', ')})`,
    ),
  );
}
