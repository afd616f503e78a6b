import type { Queryable } from './log/read.ts';
import { createTotpCipher, keyPrefix, type RingKey } from './message-cipher.ts';

interface StaleSecret {
  readonly user_id: string;
  readonly sealed: Buffer;
}

/**
 * Re-encrypts the secrets of authenticator apps with the first key of the ring. One that was replaced meanwhile stays
 * unchanged, and one that no key can decrypt keeps its key in use.
 */
export async function rotateTotpSecrets(
  db: Queryable,
  ring: readonly RingKey[],
  { batchRows, signal }: { readonly batchRows: number; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const cipher = createTotpCipher(ring);
  const current = keyPrefix(ring[0]?.id ?? 0);
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    signal?.throwIfAborted();
    const { rows } = await db.query<StaleSecret>(
      `select user_id, sealed from totp_factors
       where user_id > $1 and substring(sealed from 1 for 2) <> $2 order by user_id limit $3`,
      [after, current, batchRows],
    );
    for (const { user_id: userId, sealed } of rows) {
      const secret = opened(() => cipher.open(userId, sealed));
      if (secret !== undefined)
        await db.query('update totp_factors set sealed = $3 where user_id = $1 and sealed = $2', [
          userId,
          sealed,
          cipher.seal(userId, secret),
        ]);
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.user_id;
  }
}

function opened(open: () => string): string | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}
