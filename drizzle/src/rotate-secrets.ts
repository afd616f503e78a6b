import type { Queryable } from './log/read.ts';
import { createSecretCipher, keyPrefix, type RingKey, type SecretPurpose } from './message-cipher.ts';
import { createPushCipher } from './push-cipher.ts';

interface RotateOptions {
  readonly batchRows: number;
  readonly signal: AbortSignal | undefined;
}

/** A table with one sealed text a row, in `sealed`. */
interface SealedTable<Row> {
  readonly table: string;
  /** The column that identifies a row. */
  readonly id: string;
  /** What else is needed to open it. */
  readonly columns?: readonly string[];
  readonly open: (row: Row) => string;
  readonly seal: (row: Row, text: string) => Buffer;
}

interface StaleRow {
  readonly id: string;
  readonly sealed: Buffer;
}

interface StaleAddress extends StaleRow {
  readonly user_id: string;
  readonly address_hash: Buffer;
}

/** Where the secrets of each purpose are, and by which id they are sealed. */
const places: Readonly<Record<SecretPurpose, { readonly table: string; readonly id: string }>> = {
  totp: { table: 'totp_factors', id: 'user_id' },
  webhook: { table: 'webhook_secrets', id: 'id' },
};

/** Re-encrypts the secrets of a purpose with the first key of the ring. */
export function rotateSecrets(
  db: Queryable,
  ring: readonly RingKey[],
  purpose: SecretPurpose,
  options: RotateOptions,
): Promise<void> {
  const cipher = createSecretCipher(ring, purpose);
  const open = ({ id, sealed }: StaleRow) => cipher.open(id, sealed);
  const seal = ({ id }: StaleRow, secret: string) => cipher.seal(id, secret);
  return rotateTable(db, ring, { ...places[purpose], open, seal }, options);
}

/** Re-encrypts the addresses of push subscriptions with the first key of the ring. */
export function rotatePushAddresses(db: Queryable, ring: readonly RingKey[], options: RotateOptions): Promise<void> {
  const cipher = createPushCipher(ring);
  const addresses: SealedTable<StaleAddress> = {
    table: 'push_subscriptions',
    id: 'id',
    columns: ['user_id', 'address_hash'],
    open: ({ user_id: userId, address_hash: hash, sealed }) => cipher.open(userId, hash, sealed),
    seal: ({ user_id: userId, address_hash: hash }, address) => cipher.seal(userId, hash, address),
  };
  return rotateTable(db, ring, addresses, options);
}

/** A text that was replaced meanwhile stays unchanged, and one that no key can decrypt keeps its key in use. */
async function rotateTable<Row extends StaleRow>(
  db: Queryable,
  ring: readonly RingKey[],
  { table, id: key, columns = [], open, seal }: SealedTable<Row>,
  { batchRows, signal }: RotateOptions,
): Promise<void> {
  const current = keyPrefix(ring[0]?.id ?? 0);
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    signal?.throwIfAborted();
    const { rows } = await db.query<Row>(
      `select ${[`${key} as id`, 'sealed', ...columns].join(', ')} from ${table}
       where ${key} > $1 and substring(sealed from 1 for 2) <> $2 order by ${key} limit $3`,
      [after, current, batchRows],
    );
    for (const row of rows) {
      const text = opened(() => open(row));
      if (text !== undefined)
        await db.query(`update ${table} set sealed = $3 where ${key} = $1 and sealed = $2`, [
          row.id,
          row.sealed,
          seal(row, text),
        ]);
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

function opened(open: () => string): string | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}
