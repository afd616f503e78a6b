import { afterAll, beforeEach, expect, test } from 'vitest';
import { forgetPushes } from '../maintenance/forget-pushes.ts';
import { nativePushServices } from '../testing/native-push-services.ts';
import { pushedServer } from '../testing/pushed-server.ts';
import { claimPushes } from './claim-pushes.ts';
import { renewPushKinds, replacePushKinds } from './publish-kinds.ts';
import { PushHosts } from './push-hosts.ts';

const services = await nativePushServices();
const stage = await pushedServer(services.settings);
const { db, query, subscribe, app, consume } = stage;
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});
beforeEach(() => query('delete from push_kinds'));

const browsers = (publicKey: string) => ({ kind: 'WebPush', publicKey }) as const;
const apple = { kind: 'Apns', publicKey: null } as const;
const published = async () =>
  (
    await query<{ kind: string; key: string | null }>('select kind, public_key as key from push_kinds order by kind')
  ).map(({ kind, key }) => [kind, key]);
const forget = () => forgetPushes({ db }, new AbortController().signal);

test('a worker without a key takes nothing away from those that have it', async () => {
  await replacePushKinds(db, [browsers('one'), apple]);
  await replacePushKinds(db, []);
  await renewPushKinds(db, []);
  await forget();
  expect(await published()).toEqual([
    ['Apns', null],
    ['WebPush', 'one'],
  ]);
});

test('of workers with different keys the one that started last wins, also when the others renew theirs', async () => {
  await replacePushKinds(db, [browsers('one')]);
  await replacePushKinds(db, [browsers('two')]);
  await renewPushKinds(db, [browsers('one')]);
  expect(await published()).toEqual([['WebPush', 'two']]);
});

test('what nobody renews for an hour is not offered any more, and is back when a worker sends it', async () => {
  await replacePushKinds(db, [browsers('one'), apple]);
  await query(`update push_kinds set published_at = now() - interval '61 minutes'`);
  await renewPushKinds(db, [apple]);
  await forget();
  expect(await published()).toEqual([['Apns', null]]);
  await renewPushKinds(db, [browsers('one')]);
  expect(await published()).toEqual([
    ['Apns', null],
    ['WebPush', 'one'],
  ]);
});

test('devices of a kind that nobody sends cause no work, and a worker claims only what it sends', async () => {
  const { alice, bob, chat } = await app.chatOf('alice', 'bob');
  await consume();
  for (const kind of ['Fcm', 'Apns'] as const) await subscribe(bob, services.device(kind));
  await subscribe(bob);
  await replacePushKinds(db, [browsers('one'), apple]);
  await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'hello' });
  await consume();
  const hosts = async () => (await stage.pending()).map(({ host }) => host).toSorted();
  expect(await hosts()).toEqual(['Apns', 'push.example.com']);
  await query(`update push_pending set due_at = '2000-01-01'`);
  const claimed = async (...kinds: ('WebPush' | 'Fcm' | 'Apns')[]) => {
    const { lease } = await claimPushes(db, new PushHosts(kinds).limits);
    return (await stage.pending()).filter((row) => row.lease === lease).map(({ host }) => host);
  };
  expect(await claimed('Fcm')).toEqual([]);
  expect(await claimed('Apns')).toEqual(['Apns']);
  expect(await claimed('WebPush', 'Fcm')).toEqual(['push.example.com']);
  // If the last worker that sends a kind has gone, what waits for it is forgotten after a day.
  await query(`update push_pending set due_at = now() - interval '25 hours' where host = 'Apns'`);
  await forget();
  expect(await hosts()).toEqual(['push.example.com']);
});
