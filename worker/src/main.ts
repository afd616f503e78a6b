import { loadConfig, runMain } from '@fechatter/service-kit';
import { startWorker } from './start.ts';

await runMain(() => startWorker(loadConfig('worker')));
