import { isUnavailable } from '@fechatter/drizzle';
import {
  type Config,
  createShell,
  type Log,
  type Metrics,
  mountMetrics,
  type ReadyCheck,
  type ShellApp,
} from '@fechatter/service-kit';

export interface AppOptions {
  readonly config: Config<'worker'>;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly draining: AbortSignal;
  readonly ready: () => Promise<readonly ReadyCheck[]>;
}

/** The worker's HTTP endpoints for operators: health and metrics. */
export function createApp({ config, log, metrics, draining, ready }: AppOptions): ShellApp {
  const app = createShell({ config, log, metrics, ready, isUnavailable, draining });
  mountMetrics(app, metrics, config.metrics.token);
  return app;
}
