import { until } from '@fechatter/testing/until';
import type { Store } from '../system/store.ts';
import { call } from '../writers/choices.ts';
import type { Stage } from './faults.ts';

const DAY_SECONDS = 86_400;
/** A retention of one day purges what is older than this. */
const OLD_SECONDS = 20;
const PURGED_MS = 20_000;

/** Dates every message of a run back by almost a day, so that a retention of one day is over within the run. */
export async function ageMessages(store: Store): Promise<void> {
  await store.query(`create function age_message() returns trigger language plpgsql as $$
    begin
      new.created_at := clock_timestamp() - interval '${DAY_SECONDS - OLD_SECONDS} seconds';
      return new;
    end $$`);
  await store.query('grant execute on function age_message() to fechatter_server, fechatter_worker');
  await store.query('create trigger age_message before insert on messages for each row execute function age_message()');
}

/** The Owner of a workspace has its old messages purged while people write, reply and react there. */
export async function purgeOld({ system: { store }, scene }: Stage): Promise<boolean> {
  const workspace = scene.workspaces[1];
  if (workspace === undefined) return false;
  const { id: workspaceId, owner } = workspace;
  const keep = (days: number | null) =>
    call(scene, 'workspace.setRetention', () => owner.client.workspace.setRetention.mutate({ workspaceId, days }));
  const purged = async () => {
    const [row] = await store.query<{ seq: number }>(
      'select coalesce(sum(purged_seq), 0)::float8 as seq from chats where workspace_id = $1',
      [workspaceId],
    );
    return row?.seq ?? 0;
  };
  const before = await purged();
  await keep(1);
  await store.query(`update maintenance_jobs set due_at = clock_timestamp() where name = 'purge-expired'`);
  const isPurged = await until(async () => (await purged()) > before, 'messages are purged', PURGED_MS).then(
    () => true,
    () => false,
  );
  await keep(null);
  return isPurged;
}
