import { type Event, encodeCursor } from '@fechatter/contract';
import { currentCursor } from '@fechatter/drizzle';
import { createHash } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { awaitedFacts, eventually } from './testing/awaited-facts.ts';
import { listClient } from './testing/list-client.ts';
import { type RawStream, rawStream } from './testing/raw-stream.ts';
import { type Person, type Place, testWorld } from './testing/world.ts';

const world = await testWorld();
afterAll(() => world[Symbol.asyncDispose]());

const WRITES = 500;
const RESTART_EVERY = 120;
const CUT_EVERY = 70;
const LAST = 'this is the last message';

interface Hopper {
  readonly person: Person;
  readonly seen: { kind: string; chatId: string; seq: number; content: string | undefined }[];
  readonly connects: () => number;
  readonly resets: () => number;
}

/** Repeatable pseudo-random numbers. */
const dice = (seed: string) => {
  let state = createHash('sha256').update(seed).digest().readUInt32LE();
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % below;
  };
};

interface Way {
  readonly urls: () => readonly string[];
  readonly from: string;
  readonly isPolling: boolean;
}

/** A client that reconnects (or polls) again and again at any instance, with its last id. */
async function hop(person: Person, { urls, from, isPolling }: Way): Promise<Hopper> {
  const pick = dice(person.id);
  const seen: Hopper['seen'] = [];
  let token = from;
  let connects = 0;
  let resets = 0;
  let isOver = false;
  const see = (event: Event) => {
    if (!('seq' in event) || event.seq === undefined) return;
    const content = 'message' in event ? event.message.content : undefined;
    seen.push({ kind: event.kind, chatId: event.chatId, seq: event.seq, content });
    if (content === LAST) isOver = true;
  };
  do {
    const all = urls();
    const url = all[pick(all.length)] ?? '';
    connects++;
    if (isPolling) {
      const list = listClient(url, person.token);
      // An instance that is stopping or down refuses.
      const page = await list({ since: token, limit: 1 + pick(40), waitSeconds: pick(2) }).catch(() => undefined);
      for (const { event } of page?.events ?? []) see(event);
      if (page?.reset) resets++;
      token = page?.cursor ?? token;
      continue;
    }
    using stream = rawStream(url, '/trpc/notification.events', {
      authorization: `Bearer ${person.token}`,
      'last-event-id': token,
    });
    let taken = 0;
    const patience = 1 + pick(12);
    const take = () => {
      for (const frame of stream.frames().slice(taken)) {
        taken++;
        if (frame.id !== undefined && frame.id !== '') token = frame.id;
        if (frame.event !== undefined || frame.data === '') continue;
        const { json: event } = JSON.parse(frame.data) as { json: Event };
        if (event.kind === 'reset') resets++;
        see(event);
      }
    };
    await untilCut(stream, () => {
      take();
      return isOver || taken >= patience;
    });
    take();
    // oxlint-disable-next-line no-unmodified-loop-condition
  } while (!isOver);
  return { person, seen, connects: () => connects, resets: () => resets };
}

async function untilCut(stream: RawStream, isEnough: () => boolean): Promise<void> {
  await Promise.race([stream.until(() => isEnough()), stream.ended]);
}

test('a client that moves between instances receives every event once and in order, while members change and processes are killed', async () => {
  const instances = [await world.notify({ pingMs: 20 }), await world.notify({ pingMs: 20, ringRows: 0 })];
  const people = await Promise.all(Array.from({ length: 12 }, (_, i) => world.person(`p${i}`)));
  const [owner] = people;
  if (owner === undefined) throw new Error('no owner');
  const workspace = await world.workspace(...people);
  const chats: Place[] = [];
  for (let i = 0; i < 3; i++) chats.push(await world.chat(workspace, people));
  await eventually(async () => {
    const rows = await world.database.query<{ is: boolean }>(
      'select (select count(*) from event_log) = (select max(pos) from log_order) as is',
    );
    return rows[0]?.is;
  });
  const from = encodeCursor(await currentCursor(world.db.pool));
  const urls = () => instances.map(({ url }) => url);
  const hoppers = people.map((person, at) => hop(person, { urls, from, isPolling: at % 3 === 2 }));

  // Everyone except its owner leaves and joins the last chat all the time; no one leaves the first two.
  let written = 0;
  const progress = awaitedFacts(() => written);
  const pick = dice('writers');
  const writers = [0, 1, 2].map(async (w) => {
    while (written < WRITES) {
      const chat = chats[pick(chats.length)];
      const person = people[1 + ((pick(4) + w * 4) % (people.length - 1))];
      const churned = chats[2];
      if (chat === undefined || person === undefined || churned === undefined) continue;
      if (pick(6) === 0 && w === 0) {
        await world.leave(churned, person);
        await world.send(churned, owner, `without ${person.id}`);
        await world.join(churned, person);
      } else await world.send(chat, owner, 'hello');
      written += 1;
      progress.changed();
    }
  });
  /** Acts repeatedly while the writers write, each time after this many writes. */
  const meanwhile = async (every: number, act: () => Promise<unknown>) => {
    for (let at = every; at < WRITES - every; at += every) {
      await progress.until((count) => count >= at);
      await act();
    }
  };
  const restarter = meanwhile(RESTART_EVERY, async () => {
    const at = pick(2);
    await instances[at]?.close();
    instances[at] = await world.notify({ pingMs: 20, ringRows: at === 0 ? 1_000 : 0 });
  });
  const terminator = meanwhile(CUT_EVERY, () =>
    world.database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name like 'fechatter-notify%'`,
    ),
  );
  await Promise.all([...writers, restarter, terminator]);
  for (const chat of chats.slice(0, 1)) await world.send(chat, owner, LAST);
  const all = await Promise.all(hoppers);

  const lastSeqs = new Map<string, number>();
  for (const chat of chats) {
    const rows = await world.database.query<{ seq: string }>(
      'select last_seq as seq from chat_heads where chat_id = $1',
      [chat.id],
    );
    lastSeqs.set(chat.id, Number(rows[0]?.seq));
  }
  for (const { person, seen, resets } of all) {
    expect(resets()).toBe(0);
    for (const [at, chat] of chats.entries()) {
      const seqs = seen.filter(({ chatId }) => chatId === chat.id).map(({ seq }) => seq);
      expect(seqs, `in order and once for ${person.id}`).toEqual([...new Set(seqs)].sort((a, b) => a - b));
      // In a chat with a continuous membership nothing is missing, up to where this client stopped.
      if (at < 2 || person === owner) expect(seqs).toEqual(seqs.map((_, i) => i + 2));
      if (at === 0) expect(seqs).toEqual(Array.from({ length: (lastSeqs.get(chat.id) ?? 0) - 1 }, (_, i) => i + 2));
    }
    expect(seen.filter(({ content }) => content === `without ${person.id}`)).toEqual([]);
  }
  console.info(
    `${all.reduce((sum, { seen }) => sum + seen.length, 0)} deliveries, ${all.reduce((sum, { connects }) => sum + connects(), 0)} connects`,
  );
  for (const instance of instances) await instance.close();
}, 240_000);
