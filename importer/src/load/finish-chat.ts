import type { ChatType, Role } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { noteGuests } from '@fechatter/server';
import { type Change, makeChange } from '@fechatter/server/change';
import type { OpenChat } from './chats.ts';
import { giveUpIncompleteFiles } from './give-up-file.ts';
import { type ImportRun, WorkspaceDeleted } from './import-deps.ts';
import { rememberPlaceholders, reopenClaims } from './placeholder-chats.ts';
import { followThreads, ownThreads } from './thread-follows.ts';

/**
 * Makes a chat visible whose messages are written: its row, its members, who have read everything, and the one event
 * that announces it with all that came before.
 */
export async function finishChat(run: ImportRun, chat: OpenChat): Promise<void> {
  // What reads the whole chat is done before anything is locked.
  await rememberPlaceholders(run, chat);
  const threads = await ownThreads(run, chat);
  await makeChange({ deps: run }, async (change) => {
    const { workspaceId } = run;
    await change.lockWorkspaces([workspaceId]);
    const held = await change.holdInWorkspace(workspaceId, [...chat.members.keys()]);
    await change.lockChats([chat.id]);
    await mustExist(run, change);
    const chatType = await insertChat(run, change, chat);
    if (chatType === undefined) return;
    const seq =
      chatType === 'PublicChannel'
        ? change.announceToBoth(chat.id, 'chat.created', { facts: { isImported: true } })
        : change.announceInChat(chat.id, 'chat.created', { facts: { isImported: true } });
    await change.tx.execute(sql`update chats set version = ${seq} where id = ${chat.id}`);
    const roles = rolesOf(chat, chatType, held);
    await change.tx.execute(sql`
      insert into chat_members (chat_id, user_id, role, joined_seq, last_read_seq, last_read_number, mark_seq)
      select h.chat_id, n.user_id, n.role::role, ${seq}, ${seq}, h.last_number, ${seq}
      from chat_heads h, unnest(${sql.param([...roles.keys()])}::uuid[], ${sql.param([...roles.values()])}::text[]) n (user_id, role)
      where h.chat_id = ${chat.id}`);
    await noteGuests(change, chat.id, [...roles.keys()]);
    await followThreads(change, { id: chat.id, workspaceId, seq }, threads);
    await giveUpIncompleteFiles(change.tx, chat.id);
    // A worker checks them, and announces each: from now on somebody can see it.
    await change.tx.execute(sql`
      insert into file_checks (file_id, needs_scan, is_imported)
      select id, ${run.files?.content.areScanned === true} and size_bytes > 0, true from files
      where chat_id = ${chat.id} and state = 'Scanning' on conflict do nothing`);
    await reopenClaims(change, chat.id);
    await wipeErasedAgain(run, change);
    await change.tx.execute(sql`
      update import_map set finished_at = clock_timestamp() where workspace_id = ${workspaceId} and kind = 'Chat' and id = ${chat.id}`);
    if (chatType === 'Single') return;
    change.note('chat.created', { workspaceId, details: { chatId: chat.id, chatType } });
    for (const userId of roles.keys())
      change.note('chat.memberAdded', { workspaceId, userId, details: { chatId: chat.id } });
  });
}

async function mustExist({ workspaceId }: ImportRun, { tx }: Change): Promise<void> {
  const { rows } = await tx.execute(sql`select from workspaces where id = ${workspaceId} and deleted_at is null`);
  if (rows.length === 0) throw new WorkspaceDeleted();
}

/** Inserts the row, and returns the type; undefined: another run has finished it. */
async function insertChat(run: ImportRun, { tx }: Change, chat: OpenChat): Promise<ChatType | undefined> {
  const insert = async (chatType: ChatType, [low, high]: readonly [string | null, string | null]) => {
    const { rowCount } = await tx.execute(sql`
      insert into chats (id, workspace_id, chat_type, name, topic, who_posts, archived_at, version, creator_id, single_low,
        single_high, created_at, imported_at)
      select ${chat.id}, ${run.workspaceId}, ${chatType}, ${chat.name}, ${chat.topic}, ${chat.whoPosts},
        case when ${chat.isArchived}::boolean then coalesce(to_timestamp(${chat.archivedAtUs ?? null}::bigint / 1000000.0), now()) end, 0, coalesce(${chat.creatorId ?? null}::uuid, (
          select user_id from live_workspace_members where workspace_id = ${run.workspaceId} and role = 'Owner' order by joined_seq limit 1)),
        ${low}::uuid, ${high}::uuid, coalesce(to_timestamp(${chat.createdAtUs ?? null}::bigint / 1000000.0), (
          select created_at from messages where chat_id = ${chat.id} order by seq limit 1), now()), now()
      on conflict do nothing`);
    return rowCount === 1;
  };
  const { rows } = await tx.execute(sql`select 1 from chats where id = ${chat.id}`);
  if (rows.length > 0) return undefined;
  let { chatType } = chat;
  if (!(await insert(chatType, chat.pair ?? [null, null]))) {
    chatType = 'Group';
    run.problems.add('two people have a direct chat here already: theirs came as a group', chat.id);
    if (!(await insert(chatType, [null, null]))) throw new Error('a chat cannot be inserted');
  }
  await tx.execute(sql`
    update chat_heads set chat_type = ${chatType},
      posting = ${chat.isArchived ? 'Nobody' : chat.whoPosts} where chat_id = ${chat.id}`);
  return chatType;
}

/** Everyone's role in the chat. Groups and private channels with members have an Owner among them. */
function rolesOf(
  { members, creatorId }: OpenChat,
  chatType: ChatType,
  held: ReadonlyMap<string, Role>,
): Map<string, Role> {
  const roles = new Map<string, Role>();
  for (const [userId, role] of members) {
    const inWorkspace = held.get(userId);
    if (inWorkspace === undefined) continue;
    const isPlain = chatType === 'Single' || inWorkspace === 'Guest' || role === 'Guest';
    roles.set(userId, isPlain ? 'Member' : role);
  }
  if (chatType === 'Single' || [...roles.values()].includes('Owner')) return roles;
  const rank = (userId: string): string =>
    `${userId === creatorId ? 0 : 1}${roles.get(userId) === 'Admin' ? 0 : 1}${held.get(userId) === 'Owner' ? 0 : 1}${userId}`;
  const [owner] = [...roles.keys()]
    .filter((userId) => held.get(userId) !== 'Guest')
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  if (owner !== undefined) roles.set(owner, 'Owner');
  return roles;
}

/** People who were erased while their chat was invisible: what of it was not wiped then is wiped now. */
const wipeErasedAgain = ({ workspaceId, source }: ImportRun, { tx }: Change) =>
  tx.execute(sql`
    update users u set wiped_at = null from import_map i
    where i.workspace_id = ${workspaceId} and i.source = ${source} and i.kind = 'Person'
      and (u.id = i.id or u.account_id = i.id) and u.wiped_at is not null`);
