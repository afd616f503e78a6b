import { connectClient, type DatabaseOptions } from '../connection.ts';

/**
 * Says how long the audit log is kept. Takes a connection of the tables' owner: server and worker read it and cannot change it.
 * What is younger stays, whoever would prune it.
 */
export async function setAuditRetention(owner: DatabaseOptions, days: number): Promise<void> {
  const client = await connectClient(owner);
  try {
    await client.query('update audit_settings set retention_days = $1 where retention_days <> $1', [days]);
  } finally {
    await client.end();
  }
}
