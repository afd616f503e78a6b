import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { headOf } from '../fanout/contender.ts';
import type { StageSystem } from '../latency/stage.ts';
import { type BenchPerson, makeChat, makePeople, makeWorkspace } from '../system/people.ts';

const READY = '"kind":"ready"';
const ATTACH_MAX_MS = 60_000;
/** How long ago the last membership ended: long enough that a new token is newer than the known memberships. */
const ENDED_AGO = '2 minutes';

/** A person who has joined and left a chat `count` times within the last hours, and is in another. */
export async function planted({ pool }: StageSystem, count: number): Promise<BenchPerson> {
  const [person, other] = await makePeople(pool, 2);
  if (person === undefined || other === undefined) throw new Error('two people are made');
  const workspaceId = await makeWorkspace(pool, [person, other]);
  await makeChat(pool, workspaceId, [person, other]);
  const { id } = await makeChat(pool, workspaceId, [other]);
  await pool.query(
    `insert into chat_members (chat_id, user_id, role, joined_seq, left_seq, last_read_seq, last_read_number, left_at)
     select $1, $2, 'Member', 2 * n, 2 * n + 1, 0, 0, now() - $4::interval - ($3::int - n) * interval '0.1 s'
     from generate_series(1, $3::int) n`,
    [id, person.userId, count, ENDED_AGO],
  );
  await pool.query('analyze chat_members');
  return person;
}

/**
 * The time of a stream from its request to `ready`, in ms; it then ends, so that the next stream is again the person's
 * first.
 */
export function attachMs({ keys, notify }: StageSystem, person: BenchPerson): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(notify.port, '127.0.0.1').setEncoding('latin1');
    const authorization = `Bearer ${keys.tokenFor(person)}`;
    const beganAtMs = performance.now();
    let text = '';
    socket.setTimeout(ATTACH_MAX_MS, () => socket.destroy(new Error(`not ready after ${ATTACH_MAX_MS} ms`)));
    socket.write(headOf(`/trpc/notification.events?request=${randomUUID()}`, { authorization }));
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (!text.includes(READY)) return;
      resolve(performance.now() - beganAtMs);
      socket.destroy();
    });
    socket.on('error', reject);
    socket.once('close', () => reject(new Error(`a stream was refused: ${text.slice(0, 200)}`)));
  });
}
