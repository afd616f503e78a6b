import { loadConfig, runMain } from '@fechatter/service-kit';
import { startServer } from './start-server.ts';

await runMain(() => startServer(loadConfig('server')));
