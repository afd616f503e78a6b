import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { S3Limits } from './s3-fetch.ts';
import { bucketUrl, createS3Store, type S3Settings } from './s3-store.ts';
import type { StoreError } from './store.ts';
import { inChunks, listed, readAll, someBytes } from './testing/bytes.ts';
import { type Fault, faultyProxy } from './testing/faulty-proxy.ts';
import { startS3Server } from './testing/s3-server.ts';
import { storeContract } from './testing/store-contract.ts';

const server = await startS3Server();
const proxy = await faultyProxy(server.settings.endpoint);
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});
beforeEach(() => proxy.fail(() => undefined));

storeContract('s3', () => Promise.resolve(createS3Store(server.elsewhere())));

/** Long enough for a busy machine; the deadlines have a test of their own. */
const patient: S3Limits = { quietMs: 30_000, attemptMs: 30_000, attemptsMax: 3, backoffMs: 1 };
const hasty: S3Limits = { ...patient, quietMs: 200, attemptMs: 400 };
const throughProxy = (more: Partial<S3Settings> = {}, limits = patient) =>
  createS3Store({ ...server.elsewhere(), endpoint: proxy.url, ...more }, limits);
const SIZE = 1_000_001;
const bytes = someBytes(SIZE);
const put = async (store = throughProxy()) => {
  const id = randomUUID();
  await store.put(id, inChunks(bytes, 65_536), SIZE);
  return { store, id };
};
const failureOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown as StoreError,
  );
  return error?.failure;
};
const always = (fault: Fault) => proxy.fail(() => fault);
const atFirst = (times: number, fault: Fault) => proxy.fail(({ count }) => (count <= times ? fault : undefined));

test.each([
  [503, 'SlowDown'],
  [429, 'TooManyRequests'],
  [500, 'InternalError'],
])('a request to a busy store (%i %s) is repeated, and not for ever', async (status, code) => {
  atFirst(2, { kind: 'refuse', status, code });
  const { store, id } = await put();
  atFirst(2, { kind: 'refuse', status, code });
  expect((await readAll(store, id, 0, SIZE)).equals(bytes)).toBe(true);
  always({ kind: 'refuse', status, code });
  const before = proxy.requests.length;
  expect(await failureOf(readAll(store, id, 0, SIZE))).toBe('unavailable');
  expect(await failureOf(put(store))).toBe('unavailable');
  expect(await failureOf(store.delete(id))).toBe('unavailable');
  expect(await failureOf(store.sizeOf(id))).toBe('unavailable');
  expect(await failureOf(listed(store.list()))).toBe('unavailable');
  expect(proxy.requests.length - before).toBe(5 * patient.attemptsMax);
});

test('a request to a store that cannot be reached is repeated a bounded number of times', async () => {
  const { store, id } = await put();
  always({ kind: 'lose the response' });
  const before = proxy.requests.length;
  expect(await failureOf(readAll(store, id, 0, SIZE))).toBe('unavailable');
  expect(proxy.requests.length - before).toBe(patient.attemptsMax);
});

test('a read whose responses break continues where it was', async () => {
  const { store, id } = await put();
  proxy.fail(({ count }) => (count <= 4 ? { kind: 'break the response', afterBytes: 150_000 } : undefined));
  expect((await readAll(store, id, 10, SIZE)).equals(bytes.subarray(10))).toBe(true);
});

test('responses that break before their first byte, are too short, or are of another range, are a failure of the store', async () => {
  const { store, id } = await put();
  always({ kind: 'break the response', afterBytes: 0 });
  expect(await failureOf(readAll(store, id, 0, SIZE))).toBe('unavailable');
  always({ kind: 'shorten the response', toBytes: 0 });
  expect(await failureOf(readAll(store, id, 0, SIZE))).toBe('unavailable');
  always({ kind: 'ignore the range' });
  expect(await failureOf(readAll(store, id, 5, 10))).toBe('unavailable');
});

test('a store that never responds, or stops responding, counts as unavailable', async () => {
  const { store, id } = await put();
  const impatient = (settings: Partial<S3Settings>) => throughProxy(settings, hasty);
  always({ kind: 'be silent' });
  expect(await failureOf(impatient({}).sizeOf(id))).toBe('unavailable');
  expect(await failureOf(put(impatient({})))).toBe('unavailable');
  always({ kind: 'be silent', afterBytes: 0 });
  expect(await failureOf(readAll(impatient({}), id, 0, SIZE))).not.toBeUndefined();
  proxy.fail(() => undefined);
  expect(await store.sizeOf(id)).toBe(SIZE);
});

test('a request that breaks half-way leaves nothing, and is repeated', async () => {
  const settings = server.elsewhere();
  const store = throughProxy({ prefix: settings.prefix });
  always({ kind: 'break the request', afterBytes: 300_000 });
  expect(await failureOf(put(store))).toBe('unavailable');
  proxy.fail(() => undefined);
  expect(await listed(store.list())).toEqual([]);
  atFirst(1, { kind: 'break the request', afterBytes: 300_000 });
  const { id } = await put(store);
  expect((await readAll(store, id, 0, SIZE)).equals(bytes)).toBe(true);
});

test('a write or deletion without a confirmation is repeated until it is confirmed', async () => {
  atFirst(1, { kind: 'lose the response' });
  const { store, id } = await put();
  expect((await readAll(store, id, 0, SIZE)).equals(bytes)).toBe(true);
  atFirst(1, { kind: 'lose the response' });
  await store.delete(id);
  expect(await store.sizeOf(id)).toBeUndefined();
});

test('a full store is reported as full', async () => {
  always({ kind: 'refuse', status: 507, code: 'InsufficientStorage' });
  expect(await failureOf(put())).toBe('full');
  always({ kind: 'refuse', status: 403, code: 'QuotaExceeded' });
  expect(await failureOf(put())).toBe('full');
});

test('a permanent failure is not repeated, and errors show no secret', async () => {
  const wrong = throughProxy({ secretAccessKey: 'a-wrong-secret', accessKeyId: 'a-wrong-id' });
  const before = proxy.requests.length;
  for (const ask of [() => put(wrong), () => listed(wrong.list()), () => wrong.sizeOf(randomUUID())]) {
    const error: unknown = await ask().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ failure: 'unavailable', message: expect.stringContaining('403') as string });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/a-wrong-secret|a-wrong-id|Signature=/);
  }
  expect(proxy.requests.length - before).toBe(3);
  expect(await failureOf(listed(throughProxy({ bucket: 'other' }).list()))).toBe('unavailable');
  expect(await failureOf(put(throughProxy({ bucket: 'other' })))).toBe('unavailable');
});

test('a list has as many pages as it needs', async () => {
  const store = createS3Store(server.elsewhere());
  const ids = Array.from({ length: 1_005 }, () => randomUUID()).toSorted();
  await Promise.all(ids.map((id) => store.put(id, inChunks(someBytes(1), 1), 1)));
  expect((await listed(store.list())).toSorted()).toEqual(ids);
});

test('the bucket is in the path or in the host name, as set', () => {
  const settings = { ...server.settings, endpoint: 'https://s3.example.com/', bucket: 'files' };
  expect(bucketUrl(settings)).toBe('https://s3.example.com/files');
  expect(bucketUrl({ ...settings, pathStyle: false })).toBe('https://files.s3.example.com');
});
