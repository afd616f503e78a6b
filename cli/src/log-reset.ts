import { type Command, type CommandContext, UsageError } from './command.ts';
import { withDatabase } from './deployment.ts';

export const logReset: Command = {
  summary: 'begin the event log anew, after a restore into another cluster',
  usage: '--yes',
  details: `
After a dump was restored into another cluster the log's order means nothing there, and every step says "this log was
written by another cluster". This empties event_log, log_tick and log_order and seeds position 0. No message is touched.
Every connected client gets a reset and reads its state again; what a client had not received yet is in that state.
A base backup or a fail-over keeps the order: nothing of this is needed there.

  --yes   do it`,
  options: { yes: { type: 'boolean' } },
  run: reset,
};

async function reset({ env, options, show }: CommandContext): Promise<void> {
  if (options.yes !== true) throw new UsageError('this empties the event log: say --yes');
  await withDatabase(env, async ({ pool }) => {
    await pool.query('select log_reset()');
    const { rows } = await pool.query<{ pos: number }>('select max(pos) as pos from log_order');
    const pos = rows[0]?.pos ?? 0;
    show({ pos }, [`the event log begins anew at position ${pos}`]);
  });
}
