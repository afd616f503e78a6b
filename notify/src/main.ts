import { loadConfig, runMain } from '@fechatter/service-kit';
import { startNotify } from './start.ts';

await runMain(() => startNotify(loadConfig('notify')));
