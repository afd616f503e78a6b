import { connectClient, type DatabaseOptions } from '../connection.ts';

/**
 * Sets the retention of the audit log. Needs a connection of the tables' owner: server and worker can only read it.
 * No role can prune younger lines.
 */
export async function setAuditRetention(owner: DatabaseOptions, days: number): Promise<void> {
  const client = await connectClient(owner);
  try {
    await client.query('update audit_settings set retention_days = $1 where retention_days <> $1', [days]);
  } finally {
    await client.end();
  }
}
