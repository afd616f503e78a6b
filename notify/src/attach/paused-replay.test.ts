import { encodeCursor } from '@fechatter/contract';
import { currentCursor } from '@fechatter/drizzle';
import { expect, test } from 'vitest';
import { eventually } from '../testing/awaited-facts.ts';
import { begunStream } from '../testing/raw-stream.ts';
import { testWorld } from '../testing/world.ts';

const END_OF_PARTITION = 1_000_000;
const MISSED = 2_500;
/** All of it exceeds the kernel's buffers for a reader that reads nothing. */
const CONTENT = 'x'.repeat(8_000);
const isMessage = ({ data }: { readonly data: string }) => data.includes('message.created');
const seqOf = (data: string) => Number(/"seq":(\d+)/.exec(data)?.[1]);

test.each([
  ['from memory', {}],
  ['from the log', { ringRows: 0 }],
])(
  'a replay %s that was paused while the log was pruned delivers what it has, in order, and then a reset',
  { timeout: 240_000 },
  async (_, options) => {
    await using world = await testWorld();
    const { database, db } = world;
    const skipTo = END_OF_PARTITION - MISSED;
    await database.query(`select setval(pg_get_serial_sequence('event_log', 'id'), ${skipTo})`);
    await database.query(`insert into log_order (pos, event_id, nonce) values (${skipTo}, ${skipTo}, 5)`);
    await database.query(`update log_tick set last_pos = ${skipTo}`);
    const notify = await world.notify(options);
    const [alice, bob] = [await world.person(), await world.person()];
    const chat = await world.chat(await world.workspace(alice, bob), [alice, bob]);
    const isNumbered = (pos: number) => eventually(async () => (await currentCursor(db.pool)).pos >= pos);
    await isNumbered(skipTo + 3);
    const before = encodeCursor(await currentCursor(db.pool));
    for (let sent = 0; sent < MISSED; sent += 250) await world.sendMany(chat, bob, 250, CONTENT);
    await isNumbered(END_OF_PARTITION + 1);
    const listen = (from: string) =>
      begunStream(notify.url, '/trpc/notification.events', {
        authorization: `Bearer ${alice.token}`,
        'last-event-id': from,
      });

    using paused = await listen(before);
    paused.socket.pause();
    await database.query(`update event_log set created_at = now() - interval '80 hours'`);
    await eventually(async () => {
      await database.query(`select log_prune(interval '72 hours')`);
      return (await database.query(`select from pg_class where relname = 'log_order_p0'`)).length === 0;
    });
    paused.socket.resume();
    await paused.ended;
    const received = paused
      .frames()
      .filter(isMessage)
      .map(({ data }) => seqOf(data));
    expect(received).toEqual(received.map((_, index) => 2 + index));
    expect(received.length).toBeLessThan(MISSED);
    expect(paused.body()).not.toContain('"ready"');
    expect(paused.body()).not.toContain('event: return');

    using again = await listen(paused.frames().findLast(({ id }) => id !== undefined)?.id ?? '');
    const reset = await again.until((frames) => frames.find(({ data }) => data.includes('"reset"')));
    expect(reset.data).toContain('"reason":"cursor_expired"');
    await again.until((frames) => frames.find(({ data }) => data.includes('"ready"')));
    await world.send(chat, bob, 'after it');
    await again.until((frames) => frames.find(({ data }) => data.includes('after it')));
    expect(again.frames().filter(isMessage)).toHaveLength(1);
    await notify.close();
  },
);
