import { sql } from '@fechatter/drizzle';
import type { Change } from '@fechatter/server/change';
import type { OpenChat } from './chats.ts';
import type { ImportRun } from './import-deps.ts';

/** Newer threads first: what one transaction writes has a bound. */
const FOLLOWS_MAX = 500;
/** Of one person in a workspace. */
const FOLLOWS_OF_A_PERSON_MAX = 1_000;

/** A thread that a person began or replied in. */
interface OwnThread {
  readonly userId: string;
  readonly rootId: string;
}

/**
 * The newest threads of a chat that its members began or replied in. It reads the whole chat, so it is done before the chat is
 * finished, without its locks.
 */
export async function ownThreads({ client }: ImportRun, { id, members }: OpenChat): Promise<readonly OwnThread[]> {
  const { rows } = await client.query<OwnThread>(
    `select own.sender_id as "userId", t.root_id as "rootId" from (
       select distinct s.sender_id, coalesce(o.thread_id, o.id) as root_id
       from pg_temp.import_order o join pg_temp.import_staged s on s.ord = o.ord
       where o.chat_id = $1 and (o.thread_id is not null or o.is_root) and s.sender_id = any ($2::uuid[])) own
     join threads t on t.root_id = own.root_id
     order by t.version desc, own.sender_id limit $3`,
    [id, [...members.keys()], FOLLOWS_MAX],
  );
  return rows;
}

/** Members follow these threads, and have read them. */
export async function followThreads(
  { tx }: Change,
  chat: { readonly id: string; readonly workspaceId: string; readonly seq: number },
  threads: readonly OwnThread[],
): Promise<void> {
  const { id, workspaceId, seq } = chat;
  const [userIds, rootIds] = [threads.map(({ userId }) => userId), threads.map(({ rootId }) => rootId)];
  await tx.execute(sql`
    insert into thread_follows (user_id, chat_id, root_id, workspace_id, is_following, last_read_number, mark_version, mark_seq)
    select w.user_id, ${id}, w.root_id, ${workspaceId}, true, w.last_number, ${seq}, ${seq} from (
      select n.user_id, t.root_id, t.last_number, row_number() over (partition by n.user_id order by t.version desc) +
        (select count(*) from thread_follows f where f.user_id = n.user_id and f.workspace_id = ${workspaceId} and f.is_following) as n
      from unnest(${sql.param(userIds)}::uuid[], ${sql.param(rootIds)}::uuid[]) n (user_id, root_id)
      join live_chat_members p on p.chat_id = ${id} and p.user_id = n.user_id
      join threads t on t.root_id = n.root_id) w
    where w.n <= ${FOLLOWS_OF_A_PERSON_MAX}
    on conflict do nothing`);
}
