import { chanceOf } from '@fechatter/testing/chance';
import { until } from '@fechatter/testing/until';
import { afterAll, describe, expect, test } from 'vitest';
import type { Lacks } from '../testing/tab-browser.ts';
import { allHave, hasOneStream, profileOf, type Tab } from '../testing/tab-profile.ts';
import { type Person, world } from '../testing/world.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
const say = async ({ client }: Person, chatId: string, ...contents: string[]) => {
  for (const content of contents) await client.message.send.mutate({ chatId, content });
};

test('eight tabs share one stream, and lose nothing when the leading ones are killed', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const openTab = profileOf(scene, bob);
  const tabs: Tab[] = [];
  for (let index = 0; index < 8; index += 1) tabs.push(await openTab());
  await hasOneStream(bob);
  await say(alice, chatId, ...numbers(1, 3));
  for (const from of [4, 9]) {
    const saying = say(alice, chatId, ...numbers(from, from + 4));
    // The first tab leads; the next one follows it.
    tabs.shift()?.kill();
    await saying;
  }
  await allHave(tabs, numbers(1, 13));
  await hasOneStream(bob);
  expect(tabs.map(({ heard }) => heard.statuses)).toEqual(tabs.map(() => ['connecting', 'live']));
});

test('tabs that begin at places of their own catch up, and share one stream then', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const openTab = profileOf(scene, bob);
  const first = await openTab();
  const places: string[] = [];
  for (const content of numbers(1, 6)) {
    places.push((await bob.client.chat.list.query()).eventCursor);
    await say(alice, chatId, content);
  }
  const later = await Promise.all(places.map((since) => openTab({ since })));
  await hasOneStream(bob);
  await say(alice, chatId, '7', '8');
  await allHave([first], numbers(1, 8));
  for (const [index, { heard }] of later.entries()) {
    await until(() => heard.contents.at(-1) === '8', 'the last one');
    // A position may be older than what was sent before it.
    expect(heard.contents).toEqual(numbers(Math.min(index + 1, 9 - heard.contents.length), 8));
    expect(heard.counts).toMatchObject({ duplicate: 0, gap: 0 });
  }
  const [lost, other] = [await openTab({ since: 'nonsense' }), first];
  expect(lost.heard.events.map(({ kind }) => kind)).toEqual(['reset', 'ready']);
  expect(other.heard.events.map(({ kind }) => kind)).not.toContain('reset');
});

test('whatever tabs come and go, each hears everything once', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const chance = chanceOf(20_261_129);
  const openTab = profileOf(scene, bob);
  const tabs = [await openTab(), await openTab()];
  const gone: Tab[] = [];
  for (let count = 1; count <= 40; count += 1) {
    const saying = say(alice, chatId, String(count));
    const tab = chance.pick(tabs);
    const move = chance.below(6);
    if (move === 0) bob.toNotify.reset();
    if (move === 1 && tabs.length < 5) tabs.push(await openTab());
    if (move === 2 && tabs.length > 1) tab.kill();
    if (move === 3 && tabs.length > 1) tab.heard.unsubscribe();
    if (move === 4) tab.freeze();
    if (move === 5) tab.resume();
    if (tab.heard.statuses.at(-1) === 'ended') gone.push(...tabs.splice(tabs.indexOf(tab), 1));
    await saying;
  }
  for (const tab of tabs) tab.resume();
  for (const { heard } of tabs) {
    await until(() => heard.contents.at(-1) === '40', 'the last one');
    expect(heard.contents).toEqual(numbers(41 - heard.contents.length, 40));
    expect(heard.counts).toMatchObject({ duplicate: 0, gap: 0 });
  }
  await hasOneStream(bob);
  expect(gone.length).toBeGreaterThan(0);
});

test('a leader that does not answer is deposed, and follows when it goes on', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const openTab = profileOf(scene, bob);
  const quick = { inactivityMs: 1_800 };
  const [first, ...others] = [await openTab(quick), await openTab(quick), await openTab(quick)];
  await say(alice, chatId, '1');
  await allHave([first, ...others], ['1']);
  first.stop();
  await say(alice, chatId, '2', '3');
  await allHave(others, numbers(1, 3));
  first.goOn();
  await say(alice, chatId, '4');
  await allHave([first, ...others], numbers(1, 4));
  await hasOneStream(bob);
});

test('a tab that is seen takes the lead from one in the background whose connection is broken', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const openTab = profileOf(scene, bob);
  const slowly = { backoff: { firstMs: 600_000, maxMs: 600_000 } };
  const [hidden, seen] = [await openTab(slowly), await openTab()];
  hidden.isVisible = false;
  bob.toNotify.reset();
  await say(alice, chatId, '1');
  await allHave([seen, hidden], ['1']);
});

describe('a tab has a stream of its own', () => {
  test.each<[string, Lacks]>([
    ['where locks are refused', { locks: 'refused' }],
    ['where asking for locks throws', { locks: 'throw' }],
    ['where a lock is never given', { locks: 'never given' }],
    ['where channels are refused', { channels: 'throw' }],
    ['where tabs do not hear each other', { channels: 'deaf' }],
  ])('%s', async (_, lacks) => {
    const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
    const openTab = profileOf(scene, bob, lacks);
    const quick = { inactivityMs: 1_800 };
    const tabs = [await openTab(quick), await openTab(quick), await openTab(quick)];
    await until(() => bob.toNotify.open === 3, 'three streams');
    await say(alice, chatId, '1', '2');
    await allHave(tabs, ['1', '2']);
  });

  test('with another session, or where the app says so', async () => {
    const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
    const [openTab, openOther] = [profileOf(scene, bob), profileOf(scene, bob)];
    const tabs = [await openTab(), await openTab(), await openTab({ shareStream: false }), await openOther()];
    await until(() => bob.toNotify.open === 3, 'three streams');
    await say(alice, chatId, '1', '2');
    await allHave(tabs, ['1', '2']);
  });
});

test('where the leader has to poll, followers are told, and go on polling after it', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const openTab = profileOf(scene, bob);
  const asked: string[] = [];
  const bodiless: typeof globalThis.fetch = async (url, init) => {
    const response = await fetch(url, init);
    return response.headers.get('content-type')?.includes('event-stream') === true
      ? ({ ok: true, status: 200, headers: response.headers } as Response)
      : response;
  };
  const counted: typeof globalThis.fetch = (url, init) => {
    asked.push(url instanceof Request ? url.url : url.toString());
    return fetch(url, init);
  };
  const [first, second] = [await openTab({ fetch: bodiless }), await openTab({ fetch: counted })];
  expect(second.heard.told.at(-1)).toMatchObject({
    status: 'live',
    transport: 'polling',
    error: { reason: 'no_streaming' },
  });
  await say(alice, chatId, '1');
  first.heard.unsubscribe();
  await say(alice, chatId, '2');
  await allHave([second], ['1', '2']);
  expect(asked.filter((url) => url.includes('notification.events'))).toEqual([]);
});

test('signals come to all tabs, and no message between them carries a token', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const openTab = profileOf(scene, bob);
  const tabs = [await openTab(), await openTab()];
  const seen = ({ heard }: Tab) => heard.events.filter(({ kind }) => kind === 'seen');
  await until(async () => {
    // A signal may be lost, and a mark that does not change sends none.
    await say(bob, chatId, 'another');
    const { lastSeq } = await alice.client.chat.get.query({ chatId });
    await alice.client.chat.markRead.mutate({ chatId, seq: lastSeq });
    return tabs.every((tab) => seen(tab).length > 0);
  }, 'seen');
  for (const { heard } of tabs) expect(heard.counts).toMatchObject({ duplicate: 0, gap: 0 });
  const said = JSON.stringify(openTab.posted);
  expect(said).toContain('another');
  const { token = '', refreshToken = '' } = tabs[0]?.client.session ?? {};
  for (const secret of [token, refreshToken]) expect(said).not.toContain(secret);
});

test('one stream watches for all tabs, over a reconnect too, and no more for a tab that has gone', async () => {
  const { alice, bob, carol } = await scene.workspaceOf('alice', 'bob', 'carol');
  const openTab = profileOf(scene, bob);
  const tabs = [await openTab(), await openTab()] as const;
  const [first, second] = tabs;
  first.client.watchPresence([alice.id]);
  second.client.watchPresence([carol.id]);
  const heardOf = ({ heard }: Tab, { id }: Person) =>
    heard.events.filter((event) => event.kind === 'presence' && event.userId === id).length;
  const counts = () => tabs.flatMap((tab) => [heardOf(tab, alice), heardOf(tab, carol)]);
  await until(() => counts().every((count) => count > 0), 'both are watched');
  const before = counts();
  bob.toNotify.cut();
  bob.toNotify.restore();
  await until(() => counts().every((count, at) => count > (before[at] ?? 0)), 'both are watched again');
  const [watched] = await scene.database.query<{ user_ids: string[] }>(
    'select user_ids from presence_streams where cardinality(user_ids) = 2',
  );
  expect(watched?.user_ids.toSorted()).toEqual([alice.id, carol.id].sort());
  second.heard.unsubscribe();
  await until(async () => (await scene.database.query('select from presence_streams where user_ids = array[$1::uuid]', [alice.id])).length === 1, 'one of them is left'); // biome-ignore format: one line
});

test('a sign-out in one tab ends the stream of all', async () => {
  const { bob } = await scene.chatOf('alice', 'bob');
  const openTab = profileOf(scene, bob);
  const tabs = [await openTab(), await openTab(), await openTab()];
  await tabs[1]?.client.signout();
  for (const { heard } of tabs) await until(() => heard.statuses.at(-1) === 'ended', 'ended');
  await until(() => bob.toNotify.open === 0, 'no stream');
  expect(tabs.map(({ heard }) => heard.errors)).toEqual([[], [], []]);
});
