import { afterAll, expect, test } from 'vitest';
import { rawStream } from '../testing/raw-stream.ts';
import { type Person, testWorld } from '../testing/world.ts';

const world = await testWorld();
const notify = await world.notify({ sweepMs: 50 });
afterAll(async () => {
  await notify.close();
  await world[Symbol.asyncDispose]();
});
const follow = async ({ token }: Pick<Person, 'token'>) => {
  const stream = rawStream(notify.url, '/api/notifications/events', { authorization: `Bearer ${token}` });
  await stream.until((frames) => frames.find(({ event }) => event === 'ready'));
  return stream;
};

test('a revoked session’s streams end after its event; the other streams of the person receive it and continue', async () => {
  const alice = await world.person();
  const chat = await world.chat(await world.workspace(alice), [alice]);
  const phone = { ...alice, ...(await world.session(alice.id)) };
  const [revoked, other] = [await follow(alice), await follow(phone)];
  await world.revoke(alice);
  await world.send(chat, alice, 'for the phone');
  await revoked.ended;
  expect(revoked.frames().at(-1)).toMatchObject({
    event: 'session_revoked',
    data: JSON.stringify({ session_id: alice.sessionId }),
  });
  await other.until((frames) => frames.find(({ event }) => event === 'message'));
  expect(other.frames().map(({ event }) => event)).toContain('session_revoked');
  other.socket.destroy();
});

test('a revocation without a position stops the stream at once and cuts it soon', async () => {
  const alice = await world.person();
  const chat = await world.chat(await world.workspace(alice), [alice]);
  const stream = await follow(alice);
  // The sequencer's lock: rows are committed, and get no position.
  const holder = await world.db.pool.connect();
  await holder.query('begin');
  await holder.query('lock table log_order in exclusive mode');
  await world.revoke(alice);
  await stream.ended;
  await holder.query('rollback');
  holder.release();
  await world.send(chat, alice, 'too late');
  expect(stream.frames().some(({ event }) => event === 'message')).toBe(false);
});

test('a stream ends with its session, whose end a refresh moves', async () => {
  const { id } = await world.person();
  const [short, slid] = [await world.session(id, 2), await world.session(id, 2)];
  const [ending, living] = [await follow(short), await follow(slid)];
  await world.database.query(`update sessions set expires_at = now() + interval '1 hour' where id = $1`, [
    slid.sessionId,
  ]);
  await ending.ended;
  expect(living.socket.closed).toBe(false);
  living.socket.destroy();
});
