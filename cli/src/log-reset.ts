import { type Command, type CommandContext, UsageError } from './command.ts';
import { withDatabase } from './deployment.ts';

export const logReset: Command = {
  summary: 'restart the event log after a restore into another cluster',
  usage: '--yes',
  details: `
If you restore a dump into another cluster, the order of the log is meaningless there, and every step fails with "this log
was written by another cluster". This command empties event_log, log_tick and log_order and seeds position 0. It changes no
message. Every connected client gets a reset and reads its state again, which includes what it had not received yet.
A base backup or a fail-over keeps the order and does not need this.

  --yes   confirm`,
  options: { yes: { type: 'boolean' } },
  run: reset,
};

async function reset({ env, options, show }: CommandContext): Promise<void> {
  if (options.yes !== true) throw new UsageError('this empties the event log: say --yes');
  await withDatabase(env, async ({ pool }) => {
    await pool.query('select log_reset()');
    const { rows } = await pool.query<{ pos: number }>('select max(pos) as pos from log_order');
    const pos = rows[0]?.pos ?? 0;
    show({ pos }, [`the event log begins again at position ${pos}`]);
  });
}
