import type { ChatType, Role } from '@fechatter/contract';
import { type Database, sql, type Tx } from '@fechatter/drizzle';
import type { Deps } from '../deps.ts';
import { type Change, makeChange } from '../change/change.ts';
import { openMemberships } from './chat-memberships.ts';

const CHATS_A_READ = 100;
const PLACEHOLDERS_A_READ = 100;

interface ToJoin {
  readonly placeholderId: string;
  readonly accountId: string;
  readonly workspaceId: string;
  readonly chatId: string;
  readonly role: Role;
}

/**
 * Makes those whose claim of a placeholder was confirmed members of the chats that it was in, one chat a transaction. It can
 * be stopped anywhere, run again, and run by several processes at once.
 */
export async function joinClaimedChats(deps: Pick<Deps, 'notifier' | 'db'>, signal: AbortSignal): Promise<void> {
  const { rows } = await deps.db.pool.query<{ id: string }>(
    'select user_id as id from placeholders where confirmed_at is not null and joined_at is null order by 1 limit $1',
    [PLACEHOLDERS_A_READ],
  );
  for (const { id } of rows) {
    for (let chats = await chatsToJoin(deps.db, id); chats.length > 0; chats = await chatsToJoin(deps.db, id))
      for (const chat of chats) {
        if (signal.aborted) return;
        await makeChange({ deps }, (change) => join(change, chat));
      }
    // An import may have added a chat in between.
    await deps.db.pool.query(
      `update placeholders set joined_at = clock_timestamp() where user_id = $1 and not exists (
         select from import_members m where m.user_id = $1 and m.role is not null and m.joined_at is null)`,
      [id],
    );
  }
}

async function chatsToJoin({ pool }: Database, placeholderId: string): Promise<ToJoin[]> {
  const { rows } = await pool.query<ToJoin>(
    `select m.user_id as "placeholderId", u.account_id as "accountId", p.workspace_id as "workspaceId", m.chat_id as "chatId", m.role
     from placeholders p join users u on u.id = p.user_id join import_members m on m.user_id = p.user_id
     where p.user_id = $1 and m.role is not null and m.joined_at is null order by m.chat_id limit $2`,
    [placeholderId, CHATS_A_READ],
  );
  return rows;
}

async function join(change: Change, to: ToJoin): Promise<void> {
  const { workspaceId, chatId, accountId } = to;
  const held = await change.holdInWorkspace(workspaceId, [accountId]);
  await change.lockChats([chatId]);
  const inWorkspace = held.get(accountId);
  const chatType = await openChatType(change.tx, chatId);
  const mayEnter = inWorkspace !== undefined && chatType !== undefined && !(await hasLeft(change.tx, to));
  if (mayEnter && (await entersPair(change.tx, chatType, to))) {
    const role = await roleIn(change.tx, { ...to, chatType, inWorkspace });
    for (const userId of await openMemberships(change, chatId, [accountId], role))
      change.note('chat.memberAdded', { workspaceId, userId, details: { chatId } });
  }
  await change.tx.execute(sql`
    update import_members set joined_at = clock_timestamp() where user_id = ${to.placeholderId} and chat_id = ${chatId}`);
}

/** Whether the account was in the chat before, and left it or was removed: then the source decides nothing any more. */
async function hasLeft(tx: Tx, { chatId, accountId }: ToJoin): Promise<boolean> {
  const { rows } = await tx.execute(
    sql`select from chat_members where chat_id = ${chatId} and user_id = ${accountId} and left_seq is not null limit 1`,
  );
  return rows.length > 0;
}

async function openChatType(tx: Tx, chatId: string): Promise<ChatType | undefined> {
  const { rows } = await tx.execute<{ chat_type: ChatType }>(
    sql`select chat_type from chats where id = ${chatId} and deleted_at is null`,
  );
  return rows[0]?.chat_type;
}

/** In a Single chat the account takes the place of the placeholder, unless the two have a Single chat already. */
async function entersPair(tx: Tx, chatType: ChatType, { chatId, accountId, placeholderId }: ToJoin): Promise<boolean> {
  if (chatType !== 'Single') return true;
  const { rowCount } = await tx.execute(sql`
    update chats c set single_low = least(n.other, n.own), single_high = greatest(n.other, n.own)
    from (select id, ${accountId}::uuid as own, case when single_low = ${placeholderId} then single_high else single_low end as other
      from chats where id = ${chatId} and ${placeholderId} in (single_low, single_high)) n
    where c.id = n.id and n.other <> n.own and not exists (
      select from chats x where x.workspace_id = c.workspace_id and x.single_low = least(n.other, n.own) and x.single_high = greatest(n.other, n.own))`);
  return rowCount === 1;
}

interface Joining extends ToJoin {
  readonly chatType: ChatType;
  readonly inWorkspace: Role;
}

/** As the source says, but a Guest is a Member, and a closed chat has an Owner. */
async function roleIn(tx: Tx, { chatId, chatType, role, inWorkspace }: Joining): Promise<Role> {
  if (chatType === 'Single' || inWorkspace === 'Guest' || role === 'Guest') return 'Member';
  if (chatType === 'PublicChannel') return role;
  const { rows } = await tx.execute(
    sql`select from live_chat_members where chat_id = ${chatId} and role = 'Owner' limit 1`,
  );
  return rows.length === 0 ? 'Owner' : role;
}
