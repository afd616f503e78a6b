import {
  beginIndex,
  type Database,
  inTransaction,
  newestSearchGeneration,
  type RingKey,
  takeIndexTurn,
} from '@fechatter/drizzle';

/**
 * Starts a rebuild of the search index with the first key of the ring; workers do it, while the current index serves
 * queries. Returns false if there is nothing to rebuild, or the index has that key already.
 */
export function rebuildIndex(
  db: Database,
  ring: readonly RingKey[],
  when: 'always' | 'if the key is another',
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    if (!(await takeIndexTurn(tx))) return false;
    const newest = await newestSearchGeneration(tx);
    const keyId = ring[0]?.id;
    if (newest === undefined || keyId === undefined) return false;
    if (when === 'if the key is another' && newest.making.keyId === keyId) return false;
    await beginIndex(tx, { ...newest.making, keyId });
    return true;
  });
}
