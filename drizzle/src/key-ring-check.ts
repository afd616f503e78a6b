import type { Queryable } from './log/read.ts';
import { createMessageCipher, type RingKey } from './message-cipher.ts';

const NOWHERE = '00000000-0000-0000-0000-000000000000';
const KNOWN_TEXT = 'fechatter';

/** The ring of encryption keys is not the one that the database was written with. */
export class KeyRingError extends Error {
  override readonly name = 'KeyRingError';
  /** Its message is all that an operator needs. */
  readonly isForOperator = true;
}

/**
 * Compares the ring with the check values in the database, one for each key that bodies may be encrypted with. Throws a
 * KeyRingError that names the missing key. `remember` stores check values for new keys; a service that writes no
 * messages does not do that.
 */
export async function checkKeyRing(
  db: Queryable,
  ring: readonly RingKey[],
  remember: 'remember' | 'compare',
): Promise<void> {
  const { rows } = await db.query<{ key_id: number; sealed: Buffer }>(
    'select key_id, sealed from key_checks order by key_id',
  );
  for (const { key_id: id, sealed } of rows) {
    if (!ring.some((key) => key.id === id))
      throw new KeyRingError(`encryption.keys lacks key ${id}, which messages in this database are encrypted with`);
    if (!opens(ring, sealed))
      throw new KeyRingError(`key ${id} in encryption.keys is not the key ${id} that this database was written with`);
  }
  if (remember === 'compare') return;
  for (const key of ring) {
    const sealed = createMessageCipher([key]).seal(NOWHERE, NOWHERE, KNOWN_TEXT);
    await db.query('insert into key_checks (key_id, sealed) values ($1, $2) on conflict do nothing', [key.id, sealed]);
  }
}

function opens(ring: readonly RingKey[], sealed: Buffer): boolean {
  try {
    return createMessageCipher(ring).open(NOWHERE, NOWHERE, sealed) === KNOWN_TEXT;
  } catch {
    return false;
  }
}
