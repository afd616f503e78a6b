import { download, testServer, uploaded } from '@fechatter/server/testing';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { collectFiles } from '../maintenance/collect-files.ts';
import { runFileChecks } from '../testing/run-file-checks.ts';
import { animation, photo } from '../testing/pictures.ts';
import { workerDeps } from '../testing/worker-deps.ts';

const app = await testServer();
const deps = workerDeps(app);
const { alice, bob, chat } = await app.chatOf('alice', 'bob');
const { workspaceId } = chat;
afterAll(async () => {
  await deps.db.close();
  await app[Symbol.asyncDispose]();
});

async function pictureOf(bytes: Uint8Array) {
  const file = await uploaded(app, alice, { workspaceId, bytes });
  expect(file.state).toBe('Scanning');
  await runFileChecks(deps);
  return alice.trpc.file.status.query({ fileId: file.id });
}

test('a picture becomes small, still or moving, without what a camera wrote', async () => {
  const large = await sharp({ create: { width: 900, height: 300, channels: 3, background: '#0a0' } })
    .png()
    .toBuffer();
  const file = await pictureOf(large);
  expect(file).toMatchObject({ state: 'Ready', mime: 'image/webp', width: 128, height: 43, hasThumbnail: true });
  await alice.trpc.emoji.create.mutate({ workspaceId, name: 'flag', fileId: file.id });
  const shown = Buffer.from(await (await download(app, bob, file.id)).arrayBuffer());
  expect(shown).toHaveLength(file.size);
  expect(await sharp(shown).metadata()).toMatchObject({ format: 'webp', width: 128, height: 43 });

  const turned = await pictureOf(await photo(6));
  expect(turned).toMatchObject({ width: 40, height: 60 });
  await alice.trpc.emoji.create.mutate({ workspaceId, name: 'turned', fileId: turned.id });
  const bytes = Buffer.from(await (await download(app, bob, turned.id)).arrayBuffer());
  expect(bytes.includes('Phone of Alice')).toBe(false);

  const moving = await pictureOf(await animation('gif'));
  expect(moving).toMatchObject({ mime: 'image/webp', width: 10, height: 10 });
  await alice.trpc.emoji.create.mutate({ workspaceId, name: 'moving', fileId: moving.id });
  const frames = Buffer.from(await (await download(app, bob, moving.id)).arrayBuffer());
  expect((await sharp(frames).metadata()).pages).toBe(3);
  const still = Buffer.from(await (await download(app, bob, `${moving.id}?thumbnail=1`)).arrayBuffer());
  expect((await sharp(still).metadata()).pages ?? 1).toBe(1);
});

test('what cannot be read as a picture becomes no emoji, and what became none goes', async () => {
  const bytes = Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(100)]);
  const file = await pictureOf(bytes);
  expect(file).toMatchObject({ state: 'Ready', mime: 'application/octet-stream', width: null });
  await expect(alice.trpc.emoji.create.mutate({ workspaceId, name: 'x1', fileId: file.id })).rejects.toMatchObject({
    data: { reason: 'not_a_picture' },
  });
  await app.database.query('update files set expires_at = clock_timestamp() where id = $1', [file.id]);
  await collectFiles(deps, new AbortController().signal);
  expect(await app.database.query('select from files where id = $1', [file.id])).toEqual([]);
  const [usage] = await app.database.query<{ bytes: number; files: number }>(
    `select (select bytes from file_usage where workspace_id = $1)::int as bytes,
       (select sum(size_bytes + thumbnail_bytes) from files where workspace_id = $1)::int as files`,
    [workspaceId],
  );
  expect(usage?.bytes).toBe(usage?.files);
  const { emoji } = await bob.trpc.emoji.list.query({ workspaceId });
  expect(emoji.map(({ name }) => name)).toEqual(['flag', 'moving', 'turned']);
});
