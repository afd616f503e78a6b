import { limits } from '@fechatter/contract';
import { type FileStores, sealedSize, type StoredObject, StoreError, storesOf } from '@fechatter/file-store';
import { placeOf } from '@fechatter/server';
import { randomUUID } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { type Check, type Finding, ok, type Patient, problem, warning } from './finding.ts';

type Row = StoredObject & {
  readonly fileId: string;
  readonly part: number;
  readonly sizeBytes: number;
  readonly thumbnailBytes: number;
};

const LOOKED_AT = 20;
const LEAST_FREE = 0.1;

/** Checks whether the newest files are where this machine looks for them, and whether there is room for more. */
export const checkFiles: Check = async (patient) => {
  const stores = storesOf(patient.config.files);
  return [await content(patient, stores), ...(await room(patient)), ...(await bucket(patient, stores))];
};

async function content({ db }: Patient, stores: FileStores): Promise<Finding> {
  const { rows } = await db.query<Row>(
    `select o.id, o.store, o.file_id as "fileId", o.part, f.size_bytes as "sizeBytes", f.thumbnail_bytes as "thumbnailBytes"
     from file_objects o join files f on f.id = o.file_id and f.state <> 'Gone'
     where o.stored_at is not null and o.doomed_at is null order by o.id desc limit $1`,
    [LOOKED_AT],
  );
  if (rows.length === 0) return ok('files', 'none has been uploaded yet');
  let missing = 0;
  for (const { id, store, fileId, part, ...sizes } of rows) {
    const { sizeBytes } = placeOf({ fileId, objectId: id, part }, sizes);
    if ((await stores.of(store).sizeOf(id)) !== sealedSize(sizeBytes)) missing += 1;
  }
  if (missing === 0)
    return ok('files', `the newest ${rows.length} parts of at most ${limits.filePartBytes} bytes are there`);
  return problem(
    'files',
    `${missing} of the newest ${rows.length} parts are not, or not whole, where they were stored`,
    'Give all servers and workers the same files.folder (a volume that each of them mounts) and the same files.s3. Or restore them from the backup; `fechatter files scrub` says what is missing.',
  );
}

/** Stores, reads and deletes a few bytes in the bucket, if there is one. */
async function bucket({ config }: Patient, stores: FileStores): Promise<Finding[]> {
  const { endpoint = '', bucket: name, pathStyle } = config.files.s3;
  if (!stores.names.includes('S3')) return [];
  const store = stores.of('S3');
  const id = randomUUID();
  const bytes = Buffer.from('fechatter doctor');
  const at = `${endpoint}, bucket ${name}`;
  const steps: readonly (readonly [what: string, run: () => Promise<unknown>, todo: string])[] = [
    [
      'stored',
      () => store.put(id, once(bytes), bytes.length),
      `Look at files.s3: endpoint, region, bucket, the keys, and pathStyle (now ${pathStyle}). The keys must be allowed to PutObject below the prefix.`,
    ],
    ['found', () => mustBe(store.sizeOf(id), bytes.length), 'The keys must be allowed to GetObject below the prefix.'],
    [
      'read in part',
      () => mustBe(textOf(store.read(id, { start: 10, end: 16 })), 'doctor'),
      'The keys must be allowed to GetObject, and the store must serve ranges.',
    ],
    ['listed', () => store.list()[Symbol.asyncIterator]().next(), 'The keys must be allowed to ListBucket.'],
    ['deleted', () => store.delete(id), 'The keys must be allowed to DeleteObject below the prefix.'],
  ];
  for (const [what, run, todo] of steps) {
    const failed = await run().then(
      () => undefined,
      (error: unknown) => (error instanceof StoreError ? error.message : 'it was not what was stored'),
    );
    if (failed === undefined) continue;
    await store.delete(id).catch(() => {});
    return [problem('s3', `an object cannot be ${what} at ${at}: ${failed}`, todo)];
  }
  const found = `an object was stored, read in part, listed and deleted at ${at}`;
  if (endpoint.startsWith('https:') || isOnThisHost(endpoint)) return [ok('s3', found)];
  return [warning('s3', `${found}, over http`, 'Use https, unless no other machine is on the network between them.')];
}

const isOnThisHost = (url: string): boolean => /^(localhost|127\.|\[::1\])/.test(new URL(url).hostname);

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}

async function textOf(bytes: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of bytes) text += chunk.toString();
  return text;
}

async function mustBe<T>(found: Promise<T>, expected: T): Promise<void> {
  if ((await found) !== expected) throw new Error('another value');
}

/** Nothing on a machine where there is no such folder, or where new files go elsewhere. */
async function room({ config }: Patient): Promise<Finding[]> {
  if (config.files.store !== 'folder') return [];
  const { folder } = config.files;
  const found = await statfs(folder).catch(() => undefined);
  if (found === undefined) return [];
  const free = found.bavail / found.blocks;
  const percent = `${Math.round(free * 100)} % of the disk of ${folder} are free`;
  if (free > LEAST_FREE) return [ok('room for files', percent)];
  return [
    warning('room for files', percent, 'Make it larger, or lower files.workspaceMaxBytes: full, it takes no file.'),
  ];
}
