import type { Database } from '@fechatter/drizzle';

const LOCK = "hashtextextended('fechatter files', 0)";

/** Works while no other command moves or scrubs files: each would treat the copies of the other as stray objects. */
export async function alone<T>({ pool }: Pick<Database, 'pool'>, work: () => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ is_alone: boolean }>(`select pg_try_advisory_lock(${LOCK}) as is_alone`);
    if (rows[0]?.is_alone !== true) throw new Error('files are being moved or scrubbed already');
    return await work();
  } finally {
    // The lock ends with the connection.
    client.release(true);
  }
}
