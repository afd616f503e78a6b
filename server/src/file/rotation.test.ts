import { rotateKeys } from '@fechatter/drizzle';
import { afterAll, expect, test } from 'vitest';
import { someBytes, testServer, uploaded } from '../testing/index.ts';

const keyText = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const ring = [2, 1].map((id) => ({ id, key: Buffer.alloc(32, id) }));
const app = await testServer({ FECHATTER_ENCRYPTION_KEYS: `1:${keyText(1)}` });
afterAll(() => app[Symbol.asyncDispose]());

test('a rotation wraps the keys of files again, and their content stays unchanged', async () => {
  const { alice, chat } = await app.chatOf('alice');
  const bytes = someBytes(1_000);
  const upload = () => uploaded(app, alice, { chatId: chat.id, bytes, name: 'a name' });
  const files = [await upload(), await upload(), await upload()];
  const cancelled = await upload();
  await alice.trpc.file.cancel.mutate({ fileId: cancelled.id });
  // Rows that a send has locked are left to the next rotation: waiting for it, with others locked, could be a deadlock.
  const sending = await app.deps.db.pool.connect();
  await sending.query('begin');
  await sending.query('select from files where id = $1 for no key update', [files[1]?.id]);
  const beside = await rotateKeys(app.db.pool, ring, { batchRows: 2 });
  expect(beside).toMatchObject({ files: { resealed: 2, unreadable: 0 }, retired: [], inUse: [1] });
  await sending.query('rollback');
  sending.release();
  const { files: second, retired } = await rotateKeys(app.db.pool, ring, { batchRows: 2 });
  expect(second).toEqual({ resealed: 1, unreadable: 0 });
  expect(retired).toEqual([1]);
  expect((await rotateKeys(app.db.pool, ring)).files).toEqual({ resealed: 0, unreadable: 0 });
  // Without the old key.
  const later = await app.another({ FECHATTER_ENCRYPTION_KEYS: `2:${keyText(2)}` });
  for (const { id } of files) {
    const response = await fetch(`${later.url}/f/${id}`, {
      headers: { authorization: `Bearer ${alice.session.token}` },
    });
    expect(response.headers.get('content-disposition')).toContain('a name');
    expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true);
  }
  expect((await rotateKeys(app.db.pool, [{ id: 3, key: Buffer.alloc(32, 3) }])).files).toMatchObject({
    unreadable: 3,
  });
});
