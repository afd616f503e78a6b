import { afterAll, beforeEach, expect, test } from 'vitest';
import { waitingPushes } from '../push/waiting-pushes.ts';
import { anyDevice, pushedServer } from '../testing/pushed-server.ts';
import { forgetPushes } from './forget-pushes.ts';

const stage = await pushedServer();
const { app, db, query, subscribe } = stage;
const people = await Promise.all(Array.from({ length: 8 }, (_, n) => app.signUp(`person${n}`)));
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(async () => {
  await query('delete from push_subscriptions');
  for (const person of people) await subscribe(person, anyDevice(`${person.id}.example.com`));
});

const refuseFor = (count: number) =>
  query(
    `update push_subscriptions set failure = '403', failing_since = now() - interval '31 days' where user_id = any ($1)`,
    [people.slice(0, count).map(({ id }) => id)],
  );
const left = async () => {
  await forgetPushes({ db }, new AbortController().signal);
  return (await query('select from push_subscriptions')).length;
};

test('a few people whose push services refuse the key raise no alarm, and lose their subscriptions in time', async () => {
  for (let n = 0; n < 10; n++) if (people[0] !== undefined) await subscribe(people[0], anyDevice());
  await refuseFor(2);
  expect(await waitingPushes(db)).toMatchObject({ refusedKeys: [] });
  expect(await left()).toBe(people.length - 2);
});

test('a key that is refused for many is the operator’s concern, and they stay', async () => {
  await refuseFor(3);
  expect(await waitingPushes(db)).toMatchObject({ refusedKeys: [{ kind: 'WebPush', subscriptions: 3 }] });
  expect(await left()).toBe(people.length);
});

test('everybody is many', async () => {
  await query('delete from push_subscriptions where user_id <> $1', [people[0]?.id]);
  await refuseFor(1);
  expect(await waitingPushes(db)).toMatchObject({ refusedKeys: [{ kind: 'WebPush', subscriptions: 1 }] });
});

test('a key that is refused is one of its kind: the others are counted, and forgotten, apart', async () => {
  const [first, second] = people;
  if (first === undefined || second === undefined) throw new Error('eight people signed up');
  await subscribe(first, { kind: 'Fcm', token: 'a registration token'.replaceAll(' ', '-') });
  await query(
    `update push_subscriptions set failure = '401', failing_since = now() - interval '31 days' where kind = 'Fcm'`,
  );
  await query(
    `update push_subscriptions set failure = '403', failing_since = now() - interval '31 days' where user_id = $1`,
    [second.id],
  );
  expect(await waitingPushes(db)).toMatchObject({ refusedKeys: [{ kind: 'Fcm', subscriptions: 1 }] });
  // All but the browser of one person.
  expect(await left()).toBe(people.length);
});
