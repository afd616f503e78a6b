import { until } from '@fechatter/testing/until';
import type { System } from '../system/system.ts';
import type { Scene } from '../writers/scene.ts';
import type { Findings } from './findings.ts';

/** A killed worker's lease lasts a minute, and a chat may take several transactions. */
const DONE_MS = 120_000;

/** After the last fault every job must finish, and nothing that was deleted may keep its content. */
export async function checkWorkers({ store, workers }: System, { erased }: Scene, findings: Findings): Promise<void> {
  if (workers.length === 0) return;
  await store.query('update maintenance_jobs set due_at = clock_timestamp(), finished_at = null');
  let left: readonly string[] = [];
  const isDone = async () => {
    const rows = await store.query<{ what: string }>(
      `select 'job ' || name || ', failed ' || failures || ' times' as what from maintenance_jobs where finished_at is null
       union all
       select 'chat ' || c.id from chats c join workspaces w on w.id = c.workspace_id
       where (c.deleted_at is not null or w.deleted_at is not null)
         and (c.wiped_at is null or c.name <> '' or exists (
           select 1 from messages m where m.chat_id = c.id and m.body is not null))
       union all
       select 'message ' || m.id || ' of an erased person' from messages m where m.sender_id = any ($1) and m.body is not null`,
      [[...erased]],
    );
    left = rows.map(({ what }) => what);
    return left.length === 0;
  };
  await until(isDone, () => left.join('; '), DONE_MS).catch((error: unknown) =>
    findings.add('what a worker has to do is not done', String(error), () => left),
  );
}
