import { checkKeyRing, rotateKeys } from '@fechatter/drizzle';
import { rebuildIndex } from './search/rebuild-index.ts';
import type { Command, CommandContext } from './command.ts';
import { ringOf, withDatabase } from './deployment.ts';

export const keysRotate: Command = {
  summary: 're-encrypt all messages and the keys of files with the first key of the ring, while everything runs',
  details: `
First add the new key to every process as the last one of encryption.keys, then make it the first one, then run this
command. You can stop it and run it again at any time. At the end it says which keys you can remove from the ring.`,
  run: rotate,
};

async function rotate({ env, print, show, signal }: CommandContext): Promise<void> {
  const ring = ringOf(env);
  const [current] = ring;
  await withDatabase(env, async (db) => {
    const { pool } = db;
    // With a ring that does not belong to this database, everything would look unreadable.
    await checkKeyRing(pool, ring, 'remember');
    const { rows } = await pool.query<{ count: number }>('select count(*) as count from messages');
    const total = rows[0]?.count ?? 0;
    print(`encrypting ${total} messages with key ${current?.id}; each server must have it as its first key by now`);
    const isBuilding = await rebuildIndex(db, ring, 'if the key is another');
    const rotation = await rotateKeys(pool, ring, {
      signal,
      onProgress: (progress) => print(`${progress.seen} of ${total} read, ${progress.resealed} encrypted anew`),
    });
    const { resealed, unreadable, files, retired, inUse } = rotation;
    show(rotation, [
      ...(unreadable > 0 ? [`${unreadable} messages are unchanged: no key of the ring opens them`] : []),
      ...(files.unreadable > 0
        ? [`${files.unreadable} files are left as they were: no key of the ring opens theirs`]
        : []),
      ...retired.map((id) => `key ${id} encrypts nothing any more: it may leave the ring`),
      ...inUse.map((id) => `key ${id} still encrypts something: keep it, and run this again`),
      ...(isBuilding
        ? ['workers rebuild the index of messages: `fechatter search status` says when it is in use']
        : []),
      `done: ${resealed} messages encrypted anew, and the keys of ${files.resealed} files`,
    ]);
  });
}
