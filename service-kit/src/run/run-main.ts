import { ConfigError } from '../config/config-error.ts';
import type { Log } from '../log/log.ts';
import { describeError } from '../log/describe-error.ts';
import { ListenError } from './listen-error.ts';
import type { RunningService } from './run-service.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Packages mark errors that the operator can fix: a stack would hide their message. */
const isForOperator = (error: unknown): error is Error =>
  error instanceof Error && 'isForOperator' in error && error.isForOperator === true;

function failedToStart(error: unknown): string {
  if (error instanceof ConfigError || error instanceof ListenError || isForOperator(error)) return error.message;
  const { stack, message, cause } = describeError(error);
  return [stack ?? message, cause?.stack].filter(Boolean).join('\ncaused by ');
}

function dieOfMistakes(log: () => Log | undefined): void {
  const die = (error: unknown, origin: string) => {
    const to = log();
    if (to) to.fatal({ err: error, origin }, 'uncaught error: stopping, to be restarted');
    else process.stderr.write(`${failedToStart(error)}\n`);
    process.exit(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', (error) => die(error, 'unhandledRejection'));
}

function drainOnSignals(service: RunningService): void {
  let isStopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (isStopping) process.exit(1);
    isStopping = true;
    service.log.info({ signal }, 'signal');
    try {
      await service.close();
      process.exit(0);
    } catch (error) {
      service.log.fatal({ err: error }, 'failed to stop gracefully');
      process.exit(1);
    }
  };
  for (const signal of SIGNALS) process.on(signal, () => void stop(signal));
  // The launcher has ended: a service without it must not keep its port.
  process.once('disconnect', () => void stop('SIGTERM'));
}

/**
 * The body of main.ts, and the only code that touches the process: an invalid setting or a taken port is one readable
 * line and exit code 1; SIGTERM and SIGINT stop gracefully, a second one at once; an uncaught error ends the process,
 * because its state is unknown.
 */
export async function runMain(start: () => Promise<RunningService>): Promise<void> {
  let running: RunningService | undefined;
  dieOfMistakes(() => running?.log);
  try {
    running = await start();
  } catch (error) {
    process.stderr.write(`${failedToStart(error)}\n`);
    process.exit(1);
  }
  drainOnSignals(running);
}
