import { createHash } from 'node:crypto';
import { S3mini, S3ServiceError } from 's3mini';
import { isObjectId } from './object-id.ts';
import { createS3Fetch, s3Limits, type S3Limits } from './s3-fetch.ts';
import { type ByteRange, type FileStore, StoreError, WrongSizeError } from './store.ts';

/** A bucket of an S3-compatible store, and its credentials. */
export interface S3Settings {
  /** http or https, without the bucket. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** Before the names of all objects; may be empty. */
  readonly prefix: string;
  /** Whether the bucket is in the path of addresses, or in the host's name. */
  readonly pathStyle: boolean;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const KEYS_A_PAGE = 1_000;
const TYPE = 'application/octet-stream';
/** The codes of stores that have no room, whatever status they send. */
const fullCodes: ReadonlySet<string> = new Set([
  'InsufficientStorage',
  'QuotaExceeded',
  'XMinioStorageFull',
  'XMinioAdminBucketQuotaExceeded',
]);

/**
 * A store in a bucket. An object is one PUT, which S3 stores whole or not at all: its parts of at most 8 MiB need no
 * multipart upload. It is held in memory until it is complete, so that the request can be repeated. Every request has a
 * deadline and a bounded number of attempts; a read that breaks off continues where it was.
 */
export function createS3Store(settings: S3Settings, limits: S3Limits = s3Limits): FileStore {
  const { region, prefix, accessKeyId, secretAccessKey } = settings;
  const s3 = new S3mini({
    endpoint: bucketUrl(settings),
    region,
    accessKeyId,
    secretAccessKey,
    fetch: createS3Fetch(limits),
  });
  const keyOf = (id: string): string => {
    if (!isObjectId(id)) throw new Error(`not the id of an object: ${JSON.stringify(id)}`);
    return `${prefix}${id}`;
  };

  /** One response: the part of the range that it contains. */
  async function* readOnce(key: string, { start, end }: ByteRange): AsyncGenerator<Buffer> {
    // Requests without a response were repeated already.
    const response = await s3.getObjectRaw(key, false, start, end).catch(refused);
    if (!beginsAt(response, start)) {
      await response.body?.cancel();
      throw new StoreError('unavailable', `S3 did not return the range that was asked for (${response.status})`);
    }
    let left = end - start;
    for await (const chunk of response.body ?? []) {
      yield Buffer.from(chunk.buffer, chunk.byteOffset, Math.min(left, chunk.byteLength));
      left -= chunk.byteLength;
      if (left <= 0) return;
    }
  }

  return {
    async put(id, bytes, sizeBytes) {
      const key = keyOf(id);
      const body = await collected(bytes, sizeBytes);
      const md5 = createHash('md5').update(body).digest('base64');
      // Signed and sent like the other headers, although its type does not show that: otherwise the store refuses the request.
      const headers = { 'content-md5': md5 } as Record<string, string>;
      await s3.putObject(key, body, TYPE, undefined, headers).catch(refused);
    },
    async *read(id, { start, end }) {
      const key = keyOf(id);
      for (let at = start, failures = 0; at < end; ) {
        try {
          for await (const bytes of readOnce(key, { start: at, end })) {
            at += bytes.length;
            failures = 0;
            yield bytes;
          }
          if (at < end) throw new Error('the response ended too early');
        } catch (error) {
          failures += 1;
          if (error instanceof StoreError || failures >= limits.attemptsMax) throw asStoreError(error);
        }
      }
    },
    async sizeOf(id) {
      const key = keyOf(id);
      try {
        return await s3.getContentLength(key);
      } catch (error) {
        // s3mini wraps it once more.
        const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
        if (cause instanceof S3ServiceError && cause.status === 404) return undefined;
        throw asStoreError(cause);
      }
    },
    async delete(id) {
      const key = keyOf(id);
      await s3.deleteObject(key).catch((error: unknown) => {
        if (!isMissing(error)) refused(error);
      });
    },
    async *list() {
      for (let token: string | undefined, isLast = false; !isLast; ) {
        const page = await s3.listObjectsPaged('/', prefix, KEYS_A_PAGE, token).catch(refused);
        if (page === undefined || page === null) throw new StoreError('unavailable', 'S3 has no such bucket');
        for (const { Key: key } of page.objects ?? []) {
          const id = key.slice(prefix.length);
          if (isObjectId(id)) yield id;
        }
        token = page.nextContinuationToken;
        isLast = token === undefined;
      }
    },
    // A PUT that broke off has left nothing.
    tidy: () => Promise.resolve(),
  };
}

/** The address of the bucket. */
export function bucketUrl({ endpoint, bucket, pathStyle }: S3Settings): string {
  const url = new URL(endpoint);
  if (pathStyle) url.pathname = `${url.pathname.replace(/\/$/, '')}/${bucket}`;
  else url.hostname = `${bucket}.${url.hostname}`;
  return url.href.replace(/\/$/, '');
}

/** Some stores send more than the requested range; the beginning must match. */
function beginsAt({ status, headers }: Response, start: number): boolean {
  return status === 206 ? headers.get('content-range')?.startsWith(`bytes ${start}-`) === true : start === 0;
}

async function collected(bytes: AsyncIterable<Uint8Array>, sizeBytes: number): Promise<Buffer> {
  const body = Buffer.allocUnsafe(sizeBytes);
  let filled = 0;
  for await (const chunk of bytes) {
    if (filled + chunk.length > sizeBytes) throw new WrongSizeError(`more than ${sizeBytes} bytes came`);
    body.set(chunk, filled);
    filled += chunk.length;
  }
  if (filled < sizeBytes) throw new WrongSizeError(`fewer than ${sizeBytes} bytes came`);
  return body;
}

const isMissing = (error: unknown): boolean =>
  error instanceof S3ServiceError && error.status === 404 && error.serviceCode !== 'NoSuchBucket';

function refused(error: unknown): never {
  throw asStoreError(error);
}

/** The store's own words, without its body: that repeats what was signed. */
function asStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  if (error instanceof S3ServiceError) {
    const { status, serviceCode = 'without a code' } = error;
    if (isMissing(error)) return new StoreError('missing', 'there is no such object');
    if (status === 507 || fullCodes.has(serviceCode)) return new StoreError('full', `S3 has no room: ${serviceCode}`);
    return new StoreError('unavailable', `S3 refused: ${status} ${serviceCode}`);
  }
  return new StoreError('unavailable', `S3 cannot be used: ${reasonOf(error)}`);
}

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown';
  const code = (error as NodeJS.ErrnoException).code ?? '';
  // s3mini ends some of its messages with the body.
  const [message = ''] = error.message.split(', err body');
  return `${code} ${message.replaceAll(/\s+/g, ' ').slice(0, 200)}`.trim();
};
