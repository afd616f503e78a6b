import type { FileState } from '@fechatter/contract';
import type { Database } from '@fechatter/drizzle';
import type { StoredObject } from '@fechatter/file-store';
import { storedParts } from '@fechatter/server/file-content';

/** A worker that was killed or frozen loses its claim after this time. */
const LEASE_SECONDS = 60;
const RENEWALS_A_LEASE = 4;
const BACKOFF_SECONDS = { first: 5, most: 300 };

/** A file that this worker checks; no other process checks it meanwhile. */
export interface FileCheck {
  readonly fileId: string;
  readonly lease: string;
  /** How often it was claimed to be read as a picture, including this time. */
  readonly attempts: number;
  /** Whether it is served only after it was scanned for viruses. */
  readonly needsScan: boolean;
  /** Null: the file is gone. */
  readonly file: CheckedFile | null;
}

export interface CheckedFile {
  readonly state: FileState;
  /** Null: the picture of an emoji. */
  readonly chatId: string | null;
  readonly mime: string;
  readonly sizeBytes: number;
  readonly isAsFile: boolean;
  readonly wrappedKey: Buffer;
  readonly objects: readonly StoredObject[];
}

interface Row {
  readonly file_id: string;
  readonly attempts: number;
  readonly needs_scan: boolean;
  readonly state: FileState | null;
  readonly chat_id: string | null;
  readonly mime: string;
  readonly size_bytes: number;
  readonly is_as_file: boolean;
  readonly wrapped_key: Buffer | null;
  readonly objects: readonly StoredObject[];
}

/** What a worker may and would rather check. */
export interface ClaimOptions {
  /** Whether it can scan: files that must be scanned are left to workers that can. Default: false. */
  readonly canScan?: boolean;
  /** Which files come first: the others have their turn when none of these is due. Default: those that people uploaded. */
  readonly first?: 'uploaded' | 'imported';
}

/** Claims the file that is due for the longest time; undefined if none is due. */
export async function claimCheck(
  database: Database,
  lease: string,
  { canScan = false, first = 'uploaded' }: ClaimOptions = {},
): Promise<FileCheck | undefined> {
  const isFirstImported = first === 'imported';
  return (
    (await claimOf(database, lease, canScan, isFirstImported)) ?? claimOf(database, lease, canScan, !isFirstImported)
  );
}

async function claimOf(
  { pool }: Database,
  lease: string,
  canScan: boolean,
  isImported: boolean,
): Promise<FileCheck | undefined> {
  const { rows } = await pool.query<Row>({
    name: 'claim-file-check',
    text: `
      with due as materialized (
        select file_id from file_checks
        where is_imported = $4 and due_at <= clock_timestamp() and (not needs_scan or $3)
        order by due_at limit 1 for update skip locked),
      claimed as (
        update file_checks c set lease = $1, attempts = attempts + 1, due_at = clock_timestamp() + make_interval(secs => $2)
        from due where c.file_id = due.file_id returning c.file_id, c.attempts, c.needs_scan)
      select c.*, f.state, f.chat_id, f.mime, f.size_bytes, f.is_as_file, f.wrapped_key,
        ${storedParts('object', 'c.file_id')} as objects
      from claimed c left join files f on f.id = c.file_id`,
    values: [lease, LEASE_SECONDS, canScan, isImported],
  });
  const [row] = rows;
  if (row === undefined) return undefined;
  const { state, wrapped_key: wrappedKey, chat_id: chatId, mime, size_bytes: sizeBytes, objects } = row;
  const isThere = state !== null && wrappedKey !== null;
  return {
    fileId: row.file_id,
    lease,
    attempts: row.attempts,
    needsScan: row.needs_scan,
    file: isThere ? { state, chatId, mime, sizeBytes, isAsFile: row.is_as_file, wrappedKey, objects } : null,
  };
}

/** Keeps the claim until it is released; its signal aborts with `signal`, and when the claim is lost. */
export function holdCheck({ pool }: Database, { fileId, lease }: FileCheck, signal: AbortSignal) {
  const lost = new AbortController();
  let goodUntilMs = performance.now() + LEASE_SECONDS * 1_000;
  let renewing: Promise<void> = Promise.resolve();
  const renew = async () => {
    const beganAtMs = performance.now();
    const renewed = await pool
      .query(
        'update file_checks set due_at = clock_timestamp() + make_interval(secs => $3) where file_id = $1 and lease = $2',
        [fileId, lease, LEASE_SECONDS],
      )
      .catch(() => undefined);
    if (renewed?.rowCount === 1) goodUntilMs = beganAtMs + LEASE_SECONDS * 1_000;
    if (renewed?.rowCount === 0 || performance.now() > goodUntilMs) lost.abort();
  };
  const timer = setInterval(
    () => {
      renewing = renew();
    },
    (LEASE_SECONDS * 1_000) / RENEWALS_A_LEASE,
  );
  return {
    signal: AbortSignal.any([signal, lost.signal]),
    async release() {
      clearInterval(timer);
      await renewing;
    },
  };
}

/** Drops the claim, as if it had not been made: this worker stops. */
export async function dropCheck({ pool }: Database, { fileId, lease }: FileCheck): Promise<void> {
  await pool.query(
    `update file_checks set lease = null, attempts = attempts - 1, due_at = clock_timestamp()
     where file_id = $1 and lease = $2`,
    [fileId, lease],
  );
}

/** Postpones a check whose dependencies cannot be used now, longer each time. */
export async function putOffCheck({ pool }: Database, { fileId, lease }: FileCheck): Promise<void> {
  await pool.query(
    `update file_checks set lease = null, attempts = attempts - 1, failures = failures + 1,
       due_at = clock_timestamp() + make_interval(secs => least($3 * power(2, least(failures, 10)), $4))
     where file_id = $1 and lease = $2`,
    [fileId, lease, BACKOFF_SECONDS.first, BACKOFF_SECONDS.most],
  );
}
