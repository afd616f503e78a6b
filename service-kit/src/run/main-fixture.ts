import { createShell } from '../http/shell.ts';
import { createLog } from '../log/log.ts';
import { testConfig } from '../testing/index.ts';
import { runMain } from './run-main.ts';
import { runService } from './run-service.ts';

/** A service for the tests of runMain; its arguments select what fails. */
const [port = '0', behaviour = ''] = process.argv.slice(2);

await runMain(() => {
  const config = testConfig('server', behaviour === 'misconfigured' ? { FECHATTER_SERVER_PORT: 'x' } : {});
  if (behaviour === 'broken') throw new Error('cannot start');
  const log = createLog({ name: 'server', level: 'info', pretty: false });
  const draining = new AbortController();
  const app = createShell({ config, log, ready: () => Promise.resolve([]), draining: draining.signal });
  app.get('/slow', async (c) => {
    log.info('slow began');
    if (behaviour === 'stuck') await new Promise(() => {});
    await new Promise((settle) => draining.signal.addEventListener('abort', settle));
    return c.json('finished');
  });
  app.get('/throw', (c) => {
    setImmediate(() => {
      throw new Error('thrown into the void');
    });
    return c.json('soon');
  });
  app.get('/reject', (c) => {
    void Promise.reject(new Error('rejected into the void'));
    return c.json('soon');
  });
  const close = () => {
    log.info('closed');
    return Promise.resolve();
  };
  return runService({ config, host: '127.0.0.1', port: Number(port), log, fetch: app.fetch, draining, close });
});
