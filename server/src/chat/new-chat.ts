import type { ChatType } from '@fechatter/contract';
import { sql, type SQL, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { Change } from '../change/change.ts';
import { noteGuests } from '../membership/chat-memberships.ts';

export interface WantedChat {
  readonly creatorId: string;
  /** The other members, without duplicates. */
  readonly others: readonly string[];
  readonly workspaceId: string;
  readonly chatType: ChatType;
  readonly name: string;
  readonly clientId?: string | undefined;
  /** The MAC of this request; see requestMac. */
  readonly requestMac: Buffer;
}

export interface FoundChat {
  readonly id: string;
  /** The two members of a Single chat; empty for other types. */
  readonly pair: readonly string[];
}

/** Every history begins with chat.created. */
const FIRST_SEQ = 1;

/**
 * The chat that the caller created with this clientId before; refused if that request was for a different chat, or if
 * the chat was deleted.
 */
export async function findByClientId(tx: Tx, wanted: WantedChat): Promise<FoundChat | undefined> {
  const { creatorId, clientId, workspaceId, chatType, requestMac } = wanted;
  if (clientId === undefined) return undefined;
  const { rows } = await tx.execute<{ is_same: boolean; is_deleted: boolean }>(sql`
    select workspace_id = ${workspaceId} and chat_type = ${chatType} and coalesce(request_mac = ${requestMac}, true) as is_same,
      deleted_at is not null as is_deleted
    from chats where creator_id = ${creatorId} and client_id = ${clientId}`);
  if (rows[0]?.is_same === false) throw refuse('client_id_reused');
  if (rows[0]?.is_deleted) throw refuse('chat_not_found');
  return findChat(tx, sql`creator_id = ${creatorId} and client_id = ${clientId}`);
}

/**
 * Creates the chat, or finds the one with its clientId or its pair: unique indexes decide between two concurrent
 * creations, and the later one waits for the earlier.
 */
export async function insertOrFind(change: Change, wanted: WantedChat): Promise<FoundChat & { isNew: boolean }> {
  const { tx } = change;
  const { workspaceId, chatType, creatorId, clientId = null } = wanted;
  const requestMac = clientId === null ? null : wanted.requestMac;
  const id = uuidv7();
  const [low = null, high = null] = chatType === 'Single' ? pairOf(wanted) : [];
  const { rowCount } = await tx.execute(sql`
    insert into chats (id, workspace_id, chat_type, name, version, creator_id, client_id, request_mac, single_low, single_high)
    values (${id}, ${workspaceId}, ${chatType}, ${wanted.name}, ${FIRST_SEQ}, ${creatorId}, ${clientId}, ${requestMac}, ${low},
      ${high})
    on conflict do nothing`);
  if (rowCount === 0) {
    const found =
      (await findByClientId(tx, wanted)) ??
      (await findChat(tx, sql`workspace_id = ${workspaceId} and single_low = ${low} and single_high = ${high}`));
    if (found === undefined) throw new Error('a chat that conflicts can be found');
    return { ...found, isNew: false };
  }
  await fill(change, id, wanted);
  return { id, pair: [], isNew: true };
}

async function fill(change: Change, id: string, wanted: WantedChat): Promise<void> {
  const { workspaceId, chatType, creatorId, others } = wanted;
  await change.tx.execute(
    sql`insert into chat_heads (chat_id, workspace_id, chat_type) values (${id}, ${workspaceId}, ${chatType})`,
  );
  change.addNewHead('chat', id, workspaceId);
  const seq =
    chatType === 'PublicChannel'
      ? change.announceToBoth(id, 'chat.created', { facts: {} })
      : change.announceInChat(id, 'chat.created', { facts: {} });
  const creatorRole = chatType === 'Single' ? 'Member' : 'Owner';
  await change.tx.execute(sql`
    insert into chat_members (chat_id, user_id, role, joined_seq, last_read_seq, last_read_number, mark_seq)
    select ${id}::uuid, n.user_id, case when n.user_id = ${creatorId} then ${creatorRole}::role else 'Member' end, ${seq}, ${seq}, 0, ${seq}
    from unnest(${sql.param([creatorId, ...others])}::uuid[]) n (user_id)`);
  await noteGuests(change, id, others);
  // That two people talk is private, so it is not in the audit log.
  if (chatType === 'Single') return;
  change.note('chat.created', { workspaceId, details: { chatId: id, chatType } });
  for (const userId of others) change.note('chat.memberAdded', { workspaceId, userId, details: { chatId: id } });
}

function pairOf({ creatorId, others }: WantedChat): string[] {
  return [creatorId, ...others].sort();
}

async function findChat(tx: Tx, where: SQL): Promise<FoundChat | undefined> {
  const { rows } = await tx.execute<{ id: string; low: string | null; high: string | null }>(
    sql`select id, single_low as low, single_high as high from chats where ${where}`,
  );
  if (rows[0] === undefined) return undefined;
  const { id, low, high } = rows[0];
  return { id, pair: low === null || high === null ? [] : [low, high] };
}
