import type { Scene } from '../writers/scene.ts';
import type { Store } from '../system/store.ts';
import type { Findings } from './findings.ts';

interface Counted {
  readonly root: string;
  readonly replies: number;
  readonly unread: number;
}

/** Compares followed threads in the lists with a count of the replies. */
export async function checkThreads(store: Store, scene: Scene, findings: Findings): Promise<number> {
  let checked = 0;
  for (const { client, id, name } of scene.people.filter((person) => !scene.suspended.has(person))) {
    const counted = await store.query<Counted>(
      `select f.root_id as root, count(m.id) filter (where m.deleted_at is null)::int as replies,
         count(m.id) filter (where m.number > f.last_read_number)::int as unread
       from thread_follows f join chats c on c.id = f.chat_id and c.deleted_at is null
       join workspaces w on w.id = c.workspace_id and w.deleted_at is null
       join messages m on m.thread_id = f.root_id
       where f.user_id = $1 and f.is_following group by 1`,
      [id],
    );
    const truth = new Map(counted.filter(({ replies }) => replies > 0).map((row) => [row.root, row]));
    const { workspaces } = await client.workspace.list.query();
    let listed = 0;
    for (const { id: workspaceId } of workspaces) {
      let cursor: string | undefined;
      do {
        const page = await client.thread.list.query({ workspaceId, limit: 100, cursor });
        for (const { root, unreadCount } of page.threads) {
          listed += 1;
          const { replies, unread } = truth.get(root.id) ?? { replies: 0, unread: 0 };
          if (root.thread?.replyCount === replies && unreadCount === unread) continue;
          const says = `${unreadCount} unread of ${root.thread?.replyCount} replies`;
          findings.add(
            'an unread count is wrong',
            `${name} in thread ${root.id}: ${says}, counted ${unread} of ${replies}`,
          );
        }
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
    }
    if (listed !== truth.size)
      findings.add('an unread count is wrong', `${name} is shown ${listed} threads and follows ${truth.size}`);
    checked += listed;
  }
  return checked;
}
