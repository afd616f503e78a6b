import { type Command, type CommandContext, onlyArgument } from '../command.ts';
import { withDatabase } from '../deployment.ts';
import { findUser } from './find-user.ts';

export const usersShow: Command = {
  summary: 'show a person, their workspaces and their active sessions',
  usage: '<id or e-mail>',
  run: show,
};

interface Membership {
  readonly id: string;
  readonly name: string;
  readonly role: string;
}
interface LiveSession {
  readonly id: string;
  readonly userAgent: string | null;
  readonly ip: string | null;
  readonly lastUsedAt: Date;
}
const ROWS_MAX = 1_000;

async function show(context: CommandContext): Promise<void> {
  const wanted = onlyArgument(context, 'id or e-mail');
  const person = await withDatabase(context.env, async (db) => {
    const user = await findUser(db, wanted);
    const { rows: workspaces } = await db.pool.query<Membership>(
      `select w.id, w.name, m.role from live_workspace_members m join workspaces w on w.id = m.workspace_id
       where m.user_id = $1 and w.deleted_at is null order by w.id limit ${ROWS_MAX}`,
      [user.id],
    );
    const { rows: sessions } = await db.pool.query<LiveSession>(
      `select id, user_agent as "userAgent", ip, last_used_at as "lastUsedAt" from live_sessions
       where user_id = $1 order by last_used_at desc limit ${ROWS_MAX}`,
      [user.id],
    );
    return { ...user, workspaces, sessions };
  });
  context.show(person, [
    `${person.fullName} <${person.email ?? person.id}>`,
    `id ${person.id}, ${person.status}, since ${person.createdAt.toISOString()}`,
    ...person.workspaces.map(({ id, name, role }) => `workspace ${id}  ${role.padEnd(6)}  ${name}`),
    ...person.sessions.map(
      ({ id, ip, lastUsedAt, userAgent }) =>
        `session   ${id}  ${lastUsedAt.toISOString()}  ${ip ?? '-'}  ${userAgent ?? ''}`,
    ),
  ]);
}
