import { argv, exit, kill, pid } from 'node:process';
import type pg from 'pg';
import { openDatabase } from '../database.ts';
import { stepConsumer } from '../log/consumer.ts';
import { toyConsumer } from './toy-consumer.ts';

// Run as a process: runs the toy consumer to the end of the log, and kills itself (SIGKILL) directly before it sends
// its n-th statement or (`sent`) directly after.
const [url = '', killAt = '0', when = 'before'] = argv.slice(2);
const db = openDatabase({ url, applicationName: 'toy', poolSize: 1 });
let statements = 0;

db.pool.on('connect', (client: pg.PoolClient) => {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  client.query = ((...args: unknown[]) => {
    statements++;
    const isLast = statements === Number(killAt);
    if (isLast && when === 'before') kill(pid, 'SIGKILL');
    const result = query(...args);
    if (isLast) kill(pid, 'SIGKILL');
    return result;
  }) as typeof client.query;
});

for (let did = ''; did !== 'nothing'; ) ({ did } = await stepConsumer(db, toyConsumer));
exit(0);
