import { definitionOfCode, type LogRow } from '@fechatter/contract';
import type { Drops } from './drops.ts';

/**
 * Drops what people can no longer see. A poll of the log returns the same rows again while a transaction in the cluster
 * is open, so those of the poll before are passed over: what was read since then has seen them.
 */
export function dropTakenAway(drops: Drops): (rows: readonly LogRow[] | 'unknown') => void {
  let before = new Set<string>();
  return (rows) => {
    // After a pause of the polls nobody knows what was taken away meanwhile.
    if (rows === 'unknown') {
      before = new Set();
      drops.dropAll();
      return;
    }
    const now = new Set<string>();
    for (const row of rows) {
      const key = JSON.stringify(row);
      now.add(key);
      if (!before.has(key)) dropFor(drops, row);
    }
    before = now;
  };
}

function dropFor(drops: Drops, { code, subjectId }: LogRow): void {
  const definition = definitionOfCode(code);
  // Sessions are checked with each call.
  if (definition?.kind === 'session.revoked') return;
  const isOfOnePerson = definition?.effect === 'ends' || definition?.effect === 'changes';
  if (isOfOnePerson && subjectId !== null) drops.drop(subjectId);
  else drops.dropAll();
}
