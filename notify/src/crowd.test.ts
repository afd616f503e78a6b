import { afterAll, expect, test } from 'vitest';
import { type RawStream, rawStream } from './testing/raw-stream.ts';
import { type Person, testWorld } from './testing/world.ts';

const CROWD = 150;
const CHATS = 5;
const MISSED = 3;

const world = await testWorld();
afterAll(() => world[Symbol.asyncDispose]());

const listen = (url: string, { token }: Person, lastId?: string): RawStream =>
  rawStream(url, '/trpc/notification.events', {
    authorization: `Bearer ${token}`,
    ...(lastId !== undefined && { 'last-event-id': lastId }),
  });
const isReady = ({ data }: { readonly data: string }) => data.includes('"kind":"ready"');
const messagesOf = (stream: RawStream) => stream.frames().filter(({ data }) => data.includes('"message.created"'));

test('all clients that reconnect at once after a restart are accepted, and miss no event', {
  timeout: 240_000,
}, async () => {
  const people = await Promise.all(Array.from({ length: CROWD }, () => world.person()));
  const workspace = await world.workspace(...people);
  const membersOf = (chat: number) => people.filter((_, at) => at % CHATS === chat);
  const chats = [];
  for (let chat = 0; chat < CHATS; chat++) chats.push(await world.chat(workspace, membersOf(chat)));
  const first = await world.notify();
  const before = people.map((person) => listen(first.url, person));
  await Promise.all(before.map((stream) => stream.until((frames) => frames.find(isReady))));
  await first.close();
  await Promise.all(before.map(({ ended }) => ended));
  for (const [at, chat] of chats.entries()) await world.sendMany(chat, membersOf(at)[0] as Person, MISSED);

  const second = await world.notify();
  const lastIds = before.map((stream) => stream.frames().findLast(({ id }) => id !== undefined)?.id ?? '');
  const after = people.map((person, at) => listen(second.url, person, lastIds[at]));
  await Promise.all(after.map((stream) => stream.until((frames) => frames.find(isReady))));
  for (const stream of after) {
    await stream.until(() => messagesOf(stream).length >= MISSED);
    expect(stream.frames().find(isReady)?.data).toContain('"resumed":true');
    expect(messagesOf(stream).map(({ data }) => Number(/"seq":(\d+)/.exec(data)?.[1]))).toEqual([2, 3, 4]);
    expect(stream.body()).not.toContain('serialized-error');
    stream.socket.destroy();
  }
  await second.close();
});
