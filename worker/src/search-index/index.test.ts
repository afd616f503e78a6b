import { wipeErased } from '@fechatter/server/erasure';
import { openDatabase } from '@fechatter/drizzle';
import { accessOf } from '@fechatter/drizzle/testing';
import type { Person } from '@fechatter/server/testing';
import { until } from '@fechatter/testing/until';
import { expect, test } from 'vitest';
import { purgeExpired } from '../maintenance/purge-expired.ts';
import { wipeDeletedChats } from '../maintenance/wipe-deleted-chats.ts';
import { indexing, searchedServer } from '../testing/searched-server.ts';
import { workerDeps } from '../testing/worker-deps.ts';
import { beginIfMadeOtherwise, stepWalk } from './walk.ts';

const WORD = 'zebra';
const RING_OF_BOTH = `2:${Buffer.alloc(32, 2).toString('base64')},1:${Buffer.alloc(32, 1).toString('base64')}`;

/** People, a chat, and a search in it. */
async function searchedChat(...names: string[]) {
  const stage = await searchedServer();
  const [first = 'alice', ...others] = names;
  const { chat, workspace, ...people } = await stage.app.chatOf(first, ...others);
  const person = (name: string): Person => {
    const found = Object.entries(people).find(([known]) => known === name)?.[1];
    if (found === undefined) throw new Error(`no person is called ${name}`);
    return found;
  };
  const owner = person(first);
  const search = async (query: string) =>
    (await owner.trpc.message.search.query({ workspaceId: workspace.id, query })).hits.map(
      ({ message }) => message.content,
    );
  const send = (content: string, by = owner) => by.trpc.message.send.mutate({ chatId: chat.id, content });
  return { ...stage, chat, workspace, owner, person, search, send, [Symbol.asyncDispose]: stage[Symbol.asyncDispose] };
}

test('existing messages are indexed, together with those sent, edited and deleted meanwhile', async () => {
  await using stage = await searchedChat('alice');
  const { owner, chat } = stage;
  const sent = [];
  for (let n = 0; n < 25; n++) sent.push(await stage.send(`${WORD} ${n}`));
  await stage.consume();
  expect(await stage.indexed()).toEqual([]);
  const walk = () => stepWalk(stage.db, stage.maker, { messagesMax: 10, partMessagesMax: 7 });
  expect(await walk()).toEqual({ did: 'walked', messages: 10 });
  // Messages that the walk has passed, messages ahead of it, and new ones.
  for (const at of [3, 17]) {
    const messageId = sent[at]?.id ?? '';
    await owner.trpc.message.edit.mutate({ chatId: chat.id, messageId, content: `quagga ${at}` });
    await owner.trpc.message.delete.mutate({ chatId: chat.id, messageId: sent[at + 1]?.id ?? '' });
  }
  await stage.send('quagga new');
  await stage.consume();
  expect(await stage.search('quagga')).toEqual(['quagga new', 'quagga 3']);
  // The first part is full; that of the end is when the walk is through.
  const steps = [];
  do steps.push(await walk());
  while (steps.at(-1)?.did !== 'finished');
  expect(steps).toEqual([
    { did: 'indexed' },
    { did: 'walked', messages: 10 },
    { did: 'indexed' },
    { did: 'walked', messages: 5 },
    { did: 'indexed' },
    { did: 'finished', messages: 0 },
  ]);
  expect(await walk()).toEqual({ did: 'nothing' });
  const unindexed = await stage.app.database.query(
    `select from search_parts p where not is_indexed
       or not exists (select from pg_indexes where tablename = 'message_search_p' || p.part and indexdef like '%gin%')`,
  );
  expect(unindexed).toEqual([]);
  expect(await stage.search('quagga')).toEqual(['quagga new', 'quagga 17', 'quagga 3']);
  const expected = Array.from({ length: 25 }, (_, n) => `${WORD} ${n}`).filter((_, n) => ![3, 4, 17, 18].includes(n));
  expect(await stage.search(WORD)).toEqual(expected.toReversed());
  const copies = await stage.app.database.query('select from message_search group by message_id having count(*) > 1');
  expect(copies).toEqual([]);
  const parts = await stage.app.database.query<{ n: number }>('select count(*)::int as n from search_parts');
  expect(parts[0]?.n).toBeGreaterThan(3);
});

test('an index of tokens may take longer than other statements, and than their responses', async () => {
  await using stage = await searchedChat('alice');
  await stage.send(WORD);
  await stage.consume();
  expect(await stepWalk(stage.db, stage.maker)).toMatchObject({ did: 'walked' });
  const hasty = openDatabase({ ...accessOf(stage.app.database, 'worker'), statementTimeoutMs: 100 });
  // As long as the index waits, it takes: 2 s later than Postgres a query is given up.
  const busy = stage.db.pool.query(
    'with _ as materialized (select pg_sleep(2.5)) update message_search set version = version where exists (select from _)',
  );
  await until(async () => {
    const [row] = await stage.app.database.query(
      `select count(*)::int as n from pg_locks where mode = 'RowExclusiveLock' and relation = 'message_search_p1'::regclass`,
    );
    return row?.['n'] === 1;
  }, 'the update has begun');
  expect(await stepWalk(hasty, stage.maker)).toEqual({ did: 'indexed' });
  await busy;
  await hasty.close();
});

test('a full part is followed by a new one, and an edited message stays in its part', async () => {
  await using stage = await searchedChat('alice');
  await stage.index();
  await stage.app.database.query('update search_parts set messages = 250000');
  const [first] = [await stage.send(`${WORD} 1`)];
  await stage.consume();
  const second = await stage.send(`${WORD} 2`);
  await stage.consume();
  const messageId = first?.id ?? '';
  for (const content of ['okapi 1', `${WORD} 1`]) {
    await stage.owner.trpc.message.edit.mutate({ chatId: stage.chat.id, messageId, content });
    await stage.consume();
  }
  const rows = await stage.app.database.query('select part, message_id as id from message_search order by 1');
  expect(rows).toEqual([
    { part: 1, id: first?.id },
    { part: 2, id: second.id },
  ]);
  expect(await stage.app.database.query('select from search_parts')).toHaveLength(2);
  expect(await stage.search(WORD)).toEqual([`${WORD} 2`, `${WORD} 1`]);
});

test('a deletion or erasure does not wait for the index of another part', async () => {
  await using stage = await searchedChat('alice', 'bob');
  const { owner, chat, app } = stage;
  await stage.index();
  await app.database.query('update search_parts set messages = 250000');
  const first = await stage.send(`${WORD} 1`);
  await stage.consume();
  const second = await stage.send(`${WORD} 2`);
  const third = await stage.send(`${WORD} 3`, stage.person('bob'));
  await stage.consume();
  expect(await stage.indexed()).toEqual([first.id, second.id, third.id]);
  // As an index that is being made.
  const admin = openDatabase(app.database);
  const making = await admin.pool.connect();
  await making.query('begin');
  await making.query('lock table message_search_p1 in share mode');
  await owner.trpc.message.delete.mutate({ chatId: chat.id, messageId: second.id });
  await stage.consume();
  const deps = workerDeps(app);
  const { trpc, password } = stage.person('bob');
  await trpc.user.erase.mutate({ password, confirmation: 'erase' });
  await wipeErased(deps, AbortSignal.timeout(60_000));
  expect(await stage.indexed()).toEqual([first.id]);
  await making.query('rollback');
  making.release();
  await admin.close();
  await deps.db.close();
});

test('purged, wiped and erased messages leave the index in the same transaction', async () => {
  await using stage = await searchedChat('alice', 'bob', 'carol');
  const { owner, workspace, app } = stage;
  const deps = workerDeps(app);
  const signal = AbortSignal.timeout(60_000);
  const old = await stage.send(`${WORD} old`);
  const erased = await stage.send(`${WORD} of bob`, stage.person('bob'));
  const kept = await stage.send(`${WORD} kept`);
  const other = await owner.trpc.chat.create.mutate({
    workspaceId: workspace.id,
    chatType: 'Group',
    name: 'other',
    memberIds: [],
  });
  await owner.trpc.message.send.mutate({ chatId: other.id, content: `${WORD} other` });
  await stage.index();
  expect(await stage.indexed()).toHaveLength(4);

  await owner.trpc.workspace.setRetention.mutate({ workspaceId: workspace.id, days: 30 });
  await app.database.query(`update messages set created_at = now() - interval '31 days' where id = $1`, [old.id]);
  await purgeExpired(deps, signal);
  expect(await stage.indexed()).not.toContain(old.id);
  await owner.trpc.chat.delete.mutate({ chatId: other.id });
  await wipeDeletedChats(deps, signal);
  await stage.person('bob').trpc.user.erase.mutate({ password: stage.person('bob').password, confirmation: 'erase' });
  await wipeErased(deps, signal);
  expect(await stage.indexed()).toEqual([kept.id]);
  await stage.index();
  expect(await stage.indexed()).toEqual([kept.id]);
  expect(erased.id).not.toBe(kept.id);
  await deps.db.close();
});

test('wiping a message waits for a consumer that read its content and has not committed', async () => {
  await using stage = await searchedChat('alice');
  await stage.index();
  const message = await stage.send(WORD);
  const consuming = await stage.db.pool.connect();
  await consuming.query('begin');
  await consuming.query(`select from consumers where name = 'search-index' for update`);
  await consuming.query(
    `insert into message_search (part, message_id, version, tokens) select 1, id, version, '{1}' from messages where body is not null`,
  );
  const deps = workerDeps(stage.app);
  await stage.owner.trpc.workspace.setRetention.mutate({ workspaceId: stage.workspace.id, days: 30 });
  await stage.app.database.query(`update messages set created_at = now() - interval '31 days'`);
  const purging = purgeExpired(deps, AbortSignal.timeout(60_000));
  const waiting = `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%search_forget%'`;
  await expect.poll(async () => (await stage.app.database.query(waiting)).length).toBe(1);
  await consuming.query('commit');
  consuming.release();
  await purging;
  expect(await stage.indexed()).not.toContain(message.id);
  await deps.db.close();
});

test('with another first key a new index is built beside the old one, which is used until it is complete', async () => {
  await using stage = await searchedChat('alice');
  for (let n = 0; n < 12; n++) await stage.send(`${WORD} ${n}`);
  await stage.index();
  const rotated = indexing(stage.app, { FECHATTER_ENCRYPTION_KEYS: RING_OF_BOTH });
  const both = await stage.app.another({ FECHATTER_ENCRYPTION_KEYS: RING_OF_BOTH });
  const found = async () => {
    const client = both.client({ authorization: `Bearer ${stage.owner.session.token}` });
    const { hits } = await client.message.search.query({ workspaceId: stage.workspace.id, query: WORD });
    return hits.length;
  };
  expect(await beginIfMadeOtherwise(stage.db, stage.making)).toBe(false);
  expect(await beginIfMadeOtherwise(rotated.db, rotated.making)).toBe(true);
  expect(await stepWalk(rotated.db, rotated.maker, { messagesMax: 5 })).toMatchObject({ did: 'walked' });
  expect(await found()).toBe(12);
  await stage.send(`${WORD} 12`);
  // The worker that has the old key first reads this event: it writes both.
  const bothWays = indexing(stage.app, { FECHATTER_ENCRYPTION_KEYS: RING_OF_BOTH });
  await bothWays.consume();
  expect(await found()).toBe(13);
  await rotated.walk();
  const generations = () => stage.app.database.query('select gen::int, state from search_generations order by 1');
  expect(await generations()).toEqual([
    { gen: 1, state: 'Retired' },
    { gen: 2, state: 'Active' },
  ]);
  expect(await found()).toBe(13);
  const drop = () => rotated.db.pool.query('select search_drop_retired() as dropped');
  expect((await drop()).rows).toEqual([{ dropped: 0 }]);
  await stage.app.database.query(`update search_generations set active_at = now() - interval '2 minutes'`);
  expect((await drop()).rows).toEqual([{ dropped: 2 }]);
  expect(await generations()).toEqual([{ gen: 2, state: 'Active' }]);
  expect(await found()).toBe(13);
  await Promise.all([rotated.db.close(), bothWays.db.close()]);
});

test('the index is rebuilt if the log no longer has its position', async () => {
  await using stage = await searchedChat('alice');
  await stage.index();
  await stage.app.database.query(`update consumers set nonce = nonce + 1 where name = 'search-index'`);
  await stage.send(`${WORD} missed`);
  await stage.index();
  expect(await stage.search(WORD)).toEqual([`${WORD} missed`]);
});

test('of concurrent workers each step is done by one', async () => {
  await using stage = await searchedChat('alice');
  await Promise.all(Array.from({ length: 100 }, (_, n) => stage.send(`${WORD} ${n}`)));
  await stage.consume();
  await Promise.all(Array.from({ length: 3 }, () => stage.walk({ messagesMax: 10, partMessagesMax: 25 })));
  expect(await stage.search(WORD)).toHaveLength(50);
  const copies = await stage.app.database.query(
    'select count(*)::int as rows, count(distinct message_id)::int as messages from message_search',
  );
  expect(copies).toEqual([{ rows: 100, messages: 100 }]);
});
