import { checkKeyRing, openDatabase, rotateKeys } from '@fechatter/drizzle';
import type { Deployment } from './deployment.ts';

export interface CommandContext {
  readonly deployment: Deployment;
  readonly say: (line: string) => void;
  /** Aborted when the operator wants out. */
  readonly signal: AbortSignal;
}

/** Encrypts all messages anew with the first key of the ring, while everything runs. */
export async function keysRotate({ deployment, say, signal }: CommandContext): Promise<void> {
  const { database, ring } = deployment;
  const [current] = ring;
  const db = openDatabase(database);
  try {
    // A ring that is not this database's would find everything unreadable.
    await checkKeyRing(db.pool, ring, 'remember');
    const { rows } = await db.pool.query<{ count: number }>('select count(*) as count from messages');
    const total = rows[0]?.count ?? 0;
    say(`encrypting ${total} messages with key ${current?.id}; each server must have it as its first key by now`);
    const { resealed, unreadable, retired, inUse } = await rotateKeys(db.pool, ring, {
      signal,
      onProgress: (progress) => say(`${progress.seen} of ${total} looked at, ${progress.resealed} encrypted anew`),
    });
    if (unreadable > 0) say(`${unreadable} messages are left as they were: no key of the ring opens them`);
    for (const id of retired) say(`key ${id} encrypts nothing any more: it may leave the ring`);
    for (const id of inUse) say(`key ${id} still encrypts something: keep it, and run this again`);
    say(`done: ${resealed} messages encrypted anew`);
  } finally {
    await db.close();
  }
}
