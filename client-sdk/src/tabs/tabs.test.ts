import { chanceOf } from '@fechatter/testing/chance';
import { until } from '@fechatter/testing/until';
import { afterAll, describe, expect, test } from 'vitest';
import type { Lacks } from '../testing/tab-browser.ts';
import { allHave, hasOneStream, profileOf, type Tab } from '../testing/tab-profile.ts';
import { type Person, world } from '../testing/world.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
const send = async ({ client }: Person, chatId: string, ...contents: string[]) => {
  for (const content of contents) await client.message.send.mutate({ chatId, content });
};

test('eight tabs share one stream, and lose nothing when the leading ones are killed', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const openTab = profileOf(scene, bob);
  const tabs: Tab[] = [];
  for (let index = 0; index < 8; index += 1) tabs.push(await openTab());
  await hasOneStream(bob);
  await send(alice, chatId, ...numbers(1, 3));
  for (const from of [4, 9]) {
    const saying = send(alice, chatId, ...numbers(from, from + 4));
    // The first tab leads; the next one follows it.
    tabs.shift()?.kill();
    await saying;
  }
  await allHave(tabs, numbers(1, 13));
  await hasOneStream(bob);
  expect(tabs.map(({ listening }) => listening.statuses)).toEqual(tabs.map(() => ['connecting', 'live']));
});

test('tabs that start at different cursors catch up and then share one stream', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const openTab = profileOf(scene, bob);
  const first = await openTab();
  const places: string[] = [];
  for (const content of numbers(1, 6)) {
    places.push((await bob.client.chat.list.query()).eventCursor);
    await send(alice, chatId, content);
  }
  const later = await Promise.all(places.map((since) => openTab({ since })));
  await hasOneStream(bob);
  await send(alice, chatId, '7', '8');
  await allHave([first], numbers(1, 8));
  for (const [index, { listening }] of later.entries()) {
    await until(() => listening.contents.at(-1) === '8', 'the last one');
    // A position may be older than what was sent before it.
    expect(listening.contents).toEqual(numbers(Math.min(index + 1, 9 - listening.contents.length), 8));
    expect(listening.counts).toMatchObject({ duplicate: 0, gap: 0 });
  }
  const [lost, other] = [await openTab({ since: 'nonsense' }), first];
  expect(lost.listening.events.map(({ kind }) => kind)).toEqual(['reset', 'ready']);
  expect(other.listening.events.map(({ kind }) => kind)).not.toContain('reset');
});

test('each tab receives every event once while tabs open and close', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const chance = chanceOf(20_261_129);
  const openTab = profileOf(scene, bob);
  const tabs = [await openTab(), await openTab()];
  const gone: Tab[] = [];
  for (let count = 1; count <= 40; count += 1) {
    const saying = send(alice, chatId, String(count));
    const tab = chance.pick(tabs);
    const move = chance.below(6);
    if (move === 0) bob.toNotify.reset();
    if (move === 1 && tabs.length < 5) tabs.push(await openTab());
    if (move === 2 && tabs.length > 1) tab.kill();
    if (move === 3 && tabs.length > 1) tab.listening.unsubscribe();
    if (move === 4) tab.freeze();
    if (move === 5) tab.resume();
    if (tab.listening.statuses.at(-1) === 'ended') gone.push(...tabs.splice(tabs.indexOf(tab), 1));
    await saying;
  }
  for (const tab of tabs) tab.resume();
  for (const { listening } of tabs) {
    await until(() => listening.contents.at(-1) === '40', 'the last one');
    expect(listening.contents).toEqual(numbers(41 - listening.contents.length, 40));
    expect(listening.counts).toMatchObject({ duplicate: 0, gap: 0 });
  }
  await hasOneStream(bob);
  expect(gone.length).toBeGreaterThan(0);
});

test('a leader that does not respond is deposed, and follows when it resumes', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const openTab = profileOf(scene, bob);
  const quick = { inactivityMs: 1_800 };
  const [first, ...others] = [await openTab(quick), await openTab(quick), await openTab(quick)];
  await send(alice, chatId, '1');
  await allHave([first, ...others], ['1']);
  first.stop();
  await send(alice, chatId, '2', '3');
  await allHave(others, numbers(1, 3));
  first.goOn();
  await send(alice, chatId, '4');
  await allHave([first, ...others], numbers(1, 4));
  await hasOneStream(bob);
});

test('a visible tab takes the lead from a background tab with a broken connection', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const openTab = profileOf(scene, bob);
  const slowly = { backoff: { firstMs: 600_000, maxMs: 600_000 } };
  const [hidden, seen] = [await openTab(slowly), await openTab()];
  hidden.isVisible = false;
  bob.toNotify.reset();
  await send(alice, chatId, '1');
  await allHave([seen, hidden], ['1']);
});

describe('a tab has a stream of its own', () => {
  test.each<[string, Lacks]>([
    ['where locks are refused', { locks: 'refused' }],
    ['where asking for locks throws', { locks: 'throw' }],
    ['where a lock is never given', { locks: 'never given' }],
    ['where channels are refused', { channels: 'throw' }],
    ['where tabs receive nothing from each other', { channels: 'deaf' }],
  ])('%s', async (_, lacks) => {
    const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
    const openTab = profileOf(scene, bob, lacks);
    const quick = { inactivityMs: 1_800 };
    const tabs = [await openTab(quick), await openTab(quick), await openTab(quick)];
    await until(() => bob.toNotify.open === 3, 'three streams');
    await send(alice, chatId, '1', '2');
    await allHave(tabs, ['1', '2']);
  });

  test('with another session, or if the app asks for it', async () => {
    const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
    const [openTab, openOther] = [profileOf(scene, bob), profileOf(scene, bob)];
    const tabs = [await openTab(), await openTab(), await openTab({ shareStream: false }), await openOther()];
    await until(() => bob.toNotify.open === 3, 'three streams');
    await send(alice, chatId, '1', '2');
    await allHave(tabs, ['1', '2']);
  });
});

test('when the leader polls, followers are informed, and poll after it is gone', async () => {
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
  expect(second.listening.details.at(-1)).toMatchObject({
    status: 'live',
    transport: 'polling',
    error: { reason: 'no_streaming' },
  });
  await send(alice, chatId, '1');
  first.listening.unsubscribe();
  await send(alice, chatId, '2');
  await allHave([second], ['1', '2']);
  expect(asked.filter((url) => url.includes('notification.events'))).toEqual([]);
});

test('signals come to all tabs, and no message between them carries a token', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const openTab = profileOf(scene, bob);
  const tabs = [await openTab(), await openTab()];
  const seen = ({ listening }: Tab) => listening.events.filter(({ kind }) => kind === 'seen');
  await until(async () => {
    // A signal may be lost, and a mark that does not change sends none.
    await send(bob, chatId, 'another');
    const { lastSeq } = await alice.client.chat.get.query({ chatId });
    await alice.client.chat.markRead.mutate({ chatId, seq: lastSeq });
    return tabs.every((tab) => seen(tab).length > 0);
  }, 'seen');
  for (const { listening } of tabs) expect(listening.counts).toMatchObject({ duplicate: 0, gap: 0 });
  const posted = JSON.stringify(openTab.posted);
  expect(posted).toContain('another');
  const { token = '', refreshToken = '' } = tabs[0]?.client.session ?? {};
  for (const secret of [token, refreshToken]) expect(posted).not.toContain(secret);
});

test('one stream watches for all tabs, also after a reconnect, and not for closed tabs', async () => {
  const { alice, bob, carol } = await scene.workspaceOf('alice', 'bob', 'carol');
  const openTab = profileOf(scene, bob);
  const tabs = [await openTab(), await openTab()] as const;
  const [first, second] = tabs;
  first.client.watchPresence([alice.id]);
  second.client.watchPresence([carol.id]);
  const presencesOf = ({ listening }: Tab, { id }: Person) =>
    listening.events.filter((event) => event.kind === 'presence' && event.userId === id).length;
  const counts = () => tabs.flatMap((tab) => [presencesOf(tab, alice), presencesOf(tab, carol)]);
  await until(() => counts().every((count) => count > 0), 'both are watched');
  const before = counts();
  bob.toNotify.cut();
  bob.toNotify.restore();
  await until(() => counts().every((count, at) => count > (before[at] ?? 0)), 'both are watched again');
  const [watched] = await scene.database.query<{ user_ids: string[] }>(
    'select user_ids from presence_streams where cardinality(user_ids) = 2',
  );
  expect(watched?.user_ids.toSorted()).toEqual([alice.id, carol.id].sort());
  second.listening.unsubscribe();
  await until(async () => (await scene.database.query('select from presence_streams where user_ids = array[$1::uuid]', [alice.id])).length === 1, 'one of them is left'); // biome-ignore format: one line
});

test('a sign-out in one tab ends the stream of all tabs', async () => {
  const { bob } = await scene.chatOf('alice', 'bob');
  const openTab = profileOf(scene, bob);
  const tabs = [await openTab(), await openTab(), await openTab()];
  await tabs[1]?.client.signout();
  for (const { listening } of tabs) await until(() => listening.statuses.at(-1) === 'ended', 'ended');
  await until(() => bob.toNotify.open === 0, 'no stream');
  expect(tabs.map(({ listening }) => listening.errors)).toEqual([[], [], []]);
});
