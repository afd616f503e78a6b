import { tcpProxy } from '@fechatter/testing/tcp-proxy';
import { type ChatSignal, type Event, isSignal } from '@fechatter/contract';
import { createSignalSender, SIGNALS_CHANNEL } from '@fechatter/drizzle';
import { afterAll, expect, test } from 'vitest';
import { eventually } from '../testing/awaited-facts.ts';
import { rawStream } from '../testing/raw-stream.ts';
import { stockStream, type StockStream } from '../testing/stock-client.ts';
import { type Person, type Place, testWorld } from '../testing/world.ts';

const world = await testWorld();
const token = 'a-token-for-scrapers';
const notify = await world.notify({}, { FECHATTER_METRICS_TOKEN: token });
const sender = createSignalSender(world.db.pool);
afterAll(async () => {
  await sender.close();
  await notify.close();
  await world[Symbol.asyncDispose]();
});

const seen = (chat: Place, person: Person, lastReadNumber = 1): ChatSignal => ({
  kind: 'seen',
  chatId: chat.id,
  userId: person.id,
  lastReadNumber,
});
const signalsIn = (events: readonly Event[]) => events.filter(isSignal);
/** The creation of a chat may be delivered before or after its followers attach. */
const logged = (events: readonly Event[]) =>
  events.flatMap((event) => ('seq' in event && event.kind !== 'chat.created' ? [event.seq] : []));
const chatOf = async (...names: string[]) => {
  const people = await Promise.all(names.map((name) => world.person(name)));
  const chat = await world.chat(await world.workspace(...people), people);
  return { people, chat };
};
const follow = async (person: Person, url = notify.url): Promise<StockStream> => {
  const stream = stockStream({ url: () => url, token: person.token });
  await stream.until((events) => events.some(({ kind }) => kind === 'ready'));
  return stream;
};
/** Sends until it arrives, because signals may be lost: the listener may not be connected yet. */
const untilReceived = (stream: StockStream, signal: ChatSignal, check = () => {}) =>
  eventually(() => {
    check();
    sender.send(signal);
    return signalsIn(stream.events).some((received) => JSON.stringify(received) === JSON.stringify(signal));
  });

/** A metric of the notify that runs until the end. */
const countOf = async (line: string) => {
  const response = await fetch(`${notify.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  const found = (await response.text()).split('\n').find((candidate) => candidate.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1) ?? 0);
};
/** The numbers of consecutive signals between other events. */
const signalsBetween = (events: readonly Event[]) => {
  const counts = [0];
  for (const event of events) {
    if (isSignal(event)) counts.push((counts.pop() ?? 0) + 1);
    else counts.push(0);
  }
  return counts;
};

test('a stock client gets a signal as { id, data }, with the id that a ping would have, and resumes exactly behind it', async () => {
  const { people, chat } = await chatOf('alice', 'bob');
  const [alice, bob] = people as [Person, Person];
  await using proxy = await tcpProxy(notify.url);
  using stream = await follow(alice, new URL(proxy.url).origin);
  for (let round = 1; round <= 2; round++) {
    await world.send(chat, bob, `before ${round}`);
    await stream.until((events) => logged(events).length >= 2 * round - 1);
    await untilReceived(stream, seen(chat, bob, round));
    const at = stream.events.findLastIndex(isSignal);
    expect(stream.events[at]).toEqual(seen(chat, bob, round));
    // Nothing else happens here: the position is that of the last event.
    expect(stream.ids[at]).toBe(stream.ids[stream.events.findLastIndex((event) => 'seq' in event)]);
    proxy.cut();
    await world.send(chat, bob, `after ${round}`);
    proxy.restore();
    await stream.until((events) => logged(events).length >= 2 * round);
  }
  expect(stream.events.filter(({ kind }) => kind === 'reset')).toEqual([]);
  expect(logged(stream.events)).toEqual([2, 3, 4, 5]);
});

test('on the plain wire a signal has no id, so the cursor of a client does not move', async () => {
  const { people, chat } = await chatOf('alice', 'bob');
  const [alice, bob] = people as [Person, Person];
  using stock = await follow(alice);
  using plain = rawStream(notify.url, '/api/notifications/events', { authorization: `Bearer ${alice.token}` });
  await plain.until((frames) => frames.some(({ event }) => event === 'ready'));
  await untilReceived(stock, seen(chat, bob, 7));
  const frame = await plain.until((frames) => frames.find(({ event }) => event === 'seen'));
  expect(frame).toEqual({
    event: 'seen',
    data: JSON.stringify({ chat_id: chat.id, user_id: bob.id, last_read_number: 7 }),
    id: undefined,
  });
});

test('a signal is for present members of the chat, and not for its own person', async () => {
  const { people, chat } = await chatOf('alice', 'bob', 'carol', 'dave');
  const [alice, bob, carol, dave] = people as [Person, Person, Person, Person];
  const stranger = await world.person('stranger');
  const channel = await world.chat(chat.workspaceId, [bob, carol], 'PrivateChannel');
  const open = await world.chat(chat.workspaceId, [bob], 'PublicChannel');
  const fence = await world.chat(await world.workspace(alice, bob, carol, dave, stranger), [alice, bob, carol, dave, stranger]); // biome-ignore format: one line
  const streams = await Promise.all([alice, bob, carol, dave, stranger].map((person) => follow(person)));
  const [a, b, c, d, s] = streams as [StockStream, StockStream, StockStream, StockStream, StockStream];
  await untilReceived(a, seen(fence, bob, 1));
  await world.leave(chat, carol);
  await world.leaveWorkspace(chat.workspaceId, dave);
  for (const [stream, kind] of [[c, 'member.left'], [d, 'workspace.memberLeft']] as const)
    await stream.until((events) => events.some((event) => event.kind === kind)); // biome-ignore format: short
  const numbersOf = ({ events }: StockStream, isOf: (chatId: string) => boolean) =>
    new Set(signalsIn(events).flatMap((s) => (s.kind === 'seen' && isOf(s.chatId) ? [s.lastReadNumber] : []))); // biome-ignore format: short
  const receivedBy = (stream: StockStream) => [...numbersOf(stream, (chatId) => chatId !== fence.id)];
  // Sent together and until they arrive, because signals may be lost. Everyone but the author receives the last one
  // after the others.
  await eventually(() => {
    for (const signal of [seen(chat, bob, 5), seen(channel, bob, 6), seen(open, bob, 7), seen(fence, bob, 9)])
      sender.send(signal);
    const isBehind = [a, c, d, s].every((stream) => numbersOf(stream, (chatId) => chatId === fence.id).has(9));
    return isBehind && receivedBy(a).length > 0 && receivedBy(c).length > 0;
  });
  expect([a, b, c, d, s].map(receivedBy)).toEqual([[5], [], [6], [], []]);
  for (const stream of streams) stream[Symbol.dispose]();
});

test('every instance delivers, and invalid payloads are ignored and counted', async () => {
  const { people, chat } = await chatOf('alice', 'bob');
  const [alice, bob] = people as [Person, Person];
  const second = await world.notify();
  using here = await follow(alice);
  using there = await follow(alice, second.url);
  const malformed = 'fechatter_signals_received_total{outcome="malformed"}';
  const unknown = 'fechatter_signals_received_total{outcome="unknown"}';
  const before = { malformed: await countOf(malformed), unknown: await countOf(unknown) };
  for (const payload of ['nonsense', '[{"kind":"seen"}]', '[{"kind":"waving"}]', ''])
    await world.database.query('select pg_notify($1, $2)', [SIGNALS_CHANNEL, payload]);
  await Promise.all([untilReceived(here, seen(chat, bob, 3)), untilReceived(there, seen(chat, bob, 4))]);
  expect(await countOf(malformed)).toBe(before.malformed + 3);
  expect(await countOf(unknown)).toBe(before.unknown + 1);
  expect(await countOf('fechatter_signal_deliveries_total')).toBeGreaterThan(0);
  await second.close();
});

test('a flood of one person’s signals is thinned, and every event arrives once and in order, also over a cut', async () => {
  const { people, chat } = await chatOf('alice', 'bob', 'carol');
  const [alice, bob, carol] = people as [Person, Person, Person];
  await using proxy = await tcpProxy(notify.url);
  using hopping = await follow(alice, new URL(proxy.url).origin);
  using steady = await follow(carol);
  const streams = [hopping, steady];
  await untilReceived(steady, seen(chat, bob));
  const [rounds, offered, sends] = [2, 10_000, 10];
  const droppedLine = 'fechatter_signal_payloads_dropped_total';
  const droppedBefore = await countOf(droppedLine);
  for (let round = 1; round <= rounds; round++) {
    // One flood through a sender: of waiting signals, the newest replaces all.
    const before = sender.counts.superseded;
    for (let number = 1; number <= offered; number++) sender.send(seen(chat, bob, number));
    expect(sender.counts.superseded - before).toBeGreaterThanOrEqual(offered - 2);
    // And one flood of notifications with one signal each, which no sender has merged.
    const flood = world.database.query(
      `select count(pg_notify($1, json_build_array(json_build_object(
         'kind', 'seen', 'chatId', $2::text, 'userId', $3::text, 'lastReadNumber', n))::text))
       from generate_series(1, $4::int) n`,
      [SIGNALS_CHANNEL, chat.id, bob.id, offered],
    );
    for (let sent = 1; sent <= sends; sent++) {
      if (round === rounds && sent === 4) proxy.cut();
      await world.send(chat, bob, `${round}.${sent}`);
    }
    await flood;
    proxy.restore();
    for (const stream of streams) await stream.until((events) => logged(events).at(-1) === 1 + round * sends);
    // They arrive in commit order: once this one is delivered, the flood before it was delivered or dropped.
    for (const stream of streams) {
      await untilReceived(stream, seen(chat, bob, offered + round), () => {
        // The 64 payloads that may wait, and those delivered during the flood.
        expect(Math.max(...signalsBetween(stream.events))).toBeLessThan(offered / 10);
      });
    }
  }
  for (const { events, ids } of streams) {
    expect(logged(events)).toEqual(Array.from({ length: rounds * sends }, (_, index) => index + 2));
    expect(events.filter(({ kind }) => kind === 'reset')).toEqual([]);
    for (const [at, event] of events.entries()) if (isSignal(event)) expect(ids[at]).toBe(ids[at - 1]);
  }
  expect((await countOf(droppedLine)) - droppedBefore).toBeGreaterThan(0.9 * rounds * offered);
});

test('people in hiddenFrom receive no signal, and the list is shown to no one', async () => {
  const { people, chat } = await chatOf('alice', 'bob', 'carol');
  const [alice, bob, carol] = people as [Person, Person, Person];
  const streams = await Promise.all([alice, carol].map((person) => follow(person)));
  const [a, c] = streams as [StockStream, StockStream];
  const without = { ...seen(chat, bob, 5), hiddenFrom: [carol.id] };
  await eventually(() => {
    sender.send(without);
    return signalsIn(a.events).some((received) => JSON.stringify(received) === JSON.stringify(seen(chat, bob, 5)));
  });
  await untilReceived(c, seen(chat, bob, 6));
  const numbers = signalsIn(c.events).flatMap((s) => (s.kind === 'seen' ? [s.lastReadNumber] : []));
  expect([...new Set(numbers)]).toEqual([6]);
  expect(JSON.stringify(a.events)).not.toContain('hiddenFrom');
  for (const stream of streams) stream[Symbol.dispose]();
});
