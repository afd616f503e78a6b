import { tcpProxy } from '@fechatter/testing/tcp-proxy';
import { collectedLog } from '@fechatter/service-kit/testing';
import { afterAll, expect, test } from 'vitest';
import { eventually } from './testing/awaited-facts.ts';
import { rawStream } from './testing/raw-stream.ts';
import { stockStream } from './testing/stock-client.ts';
import { type Person, testWorld } from './testing/world.ts';

const PLAIN = '/api/notifications/events';
const bearer = ({ token }: Person) => ({ authorization: `Bearer ${token}` });
const world = await testWorld();
afterAll(() => world[Symbol.asyncDispose]());
const isReady = (url: string) => eventually(async () => (await fetch(`${url}/readyz`)).status === 200);

test('losing the connections to the database only delays a stream', async () => {
  const notify = await world.notify();
  const alice = await world.person();
  const chat = await world.chat(await world.workspace(alice), [alice]);
  using stream = stockStream({ url: () => notify.url, token: alice.token });
  await stream.until((events) => events.find(({ kind }) => kind === 'ready'));
  for (let round = 0; round < 3; round++) {
    await world.send(chat, alice, `before ${round}`);
    await world.database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'fechatter-notify%'`,
    );
    await world.send(chat, alice, `after ${round}`);
    await stream.until((events) => events.filter(({ kind }) => kind === 'message.created').length >= 2 * round + 2);
  }
  const contents = stream.events.flatMap((event) => (event.kind === 'message.created' ? event.message.content : []));
  expect(contents).toEqual(['before 0', 'after 0', 'before 1', 'after 1', 'before 2', 'after 2']);
  expect(stream.events.filter(({ kind }) => kind === 'ready')).toHaveLength(1);
  await notify.close();
});

test('while the database is away a plain stream is accepted and attaches later; a subscription is asked to retry', async () => {
  await using proxy = await tcpProxy(world.database.url);
  const notify = await world.notify({ pingMs: 50 }, { FECHATTER_DATABASE_URL: proxy.url });
  const alice = await world.person();
  const chat = await world.chat(await world.workspace(alice), [alice]);
  await isReady(notify.url);
  using known = rawStream(notify.url, PLAIN, bearer(alice));
  await known.until((frames) => frames.find(({ event }) => event === 'ready'));
  proxy.cut();
  using plain = rawStream(notify.url, PLAIN, bearer(alice));
  using trpc = rawStream(notify.url, '/trpc/notification.events', bearer(alice));
  const refused = await trpc.until((frames) => frames.find(({ event }) => event === 'serialized-error'));
  expect(refused.data).toContain('"code":"SERVICE_UNAVAILABLE"');
  await trpc.ended;
  expect(await plain.status()).toBe(200);
  await plain.until((frames) => frames.find(({ event }) => event === 'ping'));
  expect(plain.frames().every(({ event, id }) => event === 'ping' && id === undefined)).toBe(true);
  await world.send(chat, alice, 'while no process reads the log');
  proxy.restore();
  await plain.until((frames) => frames.find(({ event }) => event === 'ready'));
  await known.until((frames) => frames.find(({ event }) => event === 'message'));
  expect(known.frames().filter(({ event }) => event === 'ready')).toHaveLength(1);
  await notify.close();
});

test('a kind of event that this build does not know ends all streams and readiness, and nothing is skipped', async () => {
  await using newer = await testWorld();
  const notify = await newer.notify();
  const alice = await newer.person();
  await isReady(notify.url);
  using stream = rawStream(notify.url, PLAIN, bearer(alice));
  await stream.until((frames) => frames.find(({ event }) => event === 'ready'));
  await newer.database.query('insert into event_log (user_id, code) values ($1, 99)', [alice.id]);
  await stream.ended;
  const ready = await eventually(async () => {
    const response = await fetch(`${notify.url}/readyz`);
    return response.status === 503 && ((await response.json()) as { checks: unknown[] });
  });
  expect(ready.checks).toContainEqual(expect.objectContaining({ name: 'event kinds', ok: false }));
  await notify.close();
});

test('content that cannot be decrypted is shown as a placeholder, and later events still arrive', async () => {
  const notify = await world.notify();
  const alice = await world.person();
  const workspace = await world.workspace(alice);
  const chat = await world.chat(workspace, [alice]);
  using stream = stockStream({ url: () => notify.url, token: alice.token });
  await stream.until((events) => events.find(({ kind }) => kind === 'ready'));
  const of = { workspaceId: workspace, chatId: chat.id };
  await world.database.query('update chat_heads set last_seq = 5 where chat_id = $1', [chat.id]);
  await world.database.query(
    `insert into messages (id, chat_id, seq, number, version, sender_id, client_id, body, mac)
     values ($1, $1, 4, 1, 4, $2, $1, '\\x0001deadbeef', '\\x00')`,
    [chat.id, alice.id],
  );
  await world.append(
    { kind: 'message.created', ...of, chatSeq: 2, subjectId: alice.id },
    { kind: 'member.updated', ...of, chatSeq: 3, subjectId: alice.id, facts: { role: 'Emperor' as 'Owner' } },
    { kind: 'message.created', ...of, chatSeq: 4, subjectId: chat.id },
    { kind: 'member.joined', ...of, chatSeq: 5, subjectId: chat.id, facts: {} as { role: 'Owner' } },
  );
  await world.send(chat, alice, 'after all that');
  await stream.until((events) => events.find((event) => 'seq' in event && event.seq === 6));
  expect(stream.events.filter((event) => 'seq' in event && (event.seq ?? 0) > 1)).toMatchObject([
    { kind: 'message.created', seq: 2, message: { id: alice.id, content: '' } },
    { kind: 'member.updated', seq: 3, role: 'Guest' },
    { kind: 'message.created', seq: 4, message: { content: '\uFFFD', sender: { id: alice.id } } },
    { kind: 'member.joined', seq: 5, user: { id: chat.id, name: '\uFFFD' } },
    { kind: 'message.created', seq: 6, message: { content: 'after all that' } },
  ]);
  await notify.close();
});

test('a reader that takes nothing is cut at the limit and resumes with its id, without delaying others', async () => {
  const { log, lines } = collectedLog('info');
  const notify = await world.notify({ log }, { FECHATTER_NOTIFY_BUFFER_MAX_BYTES: '65536' });
  const [alice, bob] = [await world.person(), await world.person()];
  const chat = await world.chat(await world.workspace(alice, bob), [alice, bob]);
  using fast = stockStream({ url: () => notify.url, token: bob.token });
  await fast.until((events) => events.find(({ kind }) => kind === 'ready'));
  using slow = rawStream(notify.url, '/trpc/notification.events', bearer(alice));
  await slow.until((frames) => frames.find(({ data }) => data.includes('"ready"')));
  slow.socket.pause();
  // The kernel buffers some megabytes for a reader that reads nothing; the service itself keeps 64 KiB.
  const isCut = () => lines.some(({ msg }) => msg === 'cut a stream whose reader is too slow');
  let sent = 0;
  while (!isCut() && sent < 3_000) {
    await world.sendMany(chat, bob, 100, 'x'.repeat(8_000));
    sent += 100;
    await fast.until((events) => events.filter(({ kind }) => kind === 'message.created').length >= sent);
  }
  expect(isCut()).toBe(true);
  slow.socket.resume();
  await slow.ended;
  const lastId = slow.frames().findLast(({ id }) => id !== undefined)?.id ?? '';
  using again = rawStream(notify.url, '/trpc/notification.events', { ...bearer(alice), 'last-event-id': lastId });
  await again.until((frames) => frames.find(({ data }) => data.includes('"ready"')));
  const seqs = [...slow.frames(), ...again.frames()]
    .filter(({ data }) => data.includes('"message.created"'))
    .map(({ data }) => Number(/"seq":(\d+)/.exec(data)?.[1]));
  expect(seqs).toEqual(Array.from({ length: sent }, (_, index) => index + 2));
  await notify.close();
});
