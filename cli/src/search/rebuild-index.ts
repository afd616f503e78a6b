import {
  beginIndex,
  type Database,
  inTransaction,
  type RingKey,
  searchGenerations,
  takeIndexTurn,
} from '@fechatter/drizzle';

/**
 * Begins to build the index of messages anew, with the first key of the ring; workers do it, and the one in use answers
 * meanwhile. False: there is nothing to build, or it is made with that key already.
 */
export function rebuildIndex(
  db: Database,
  ring: readonly RingKey[],
  when: 'always' | 'if the key is another',
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    if (!(await takeIndexTurn(tx))) return false;
    const [newest] = (await searchGenerations(tx)).toSorted((a, b) => b.gen - a.gen);
    const keyId = ring[0]?.id;
    if (newest === undefined || keyId === undefined) return false;
    if (when === 'if the key is another' && newest.making.keyId === keyId) return false;
    await beginIndex(tx, { ...newest.making, keyId });
    return true;
  });
}
