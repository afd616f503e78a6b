import { ConfigError } from '../config/config-error.ts';
import type { Log } from '../log/log.ts';
import { describeError } from '../log/describe-error.ts';
import { ListenError } from './listen-error.ts';
import type { RunningService } from './run-service.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Packages that know nothing of services mark an error that the operator can mend: a stack would hide the line. */
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
    if (to) to.fatal({ err: error, origin }, 'a mistake of ours: stopping, to be started again');
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
      service.log.fatal({ err: error }, 'failed to stop in order');
      process.exit(1);
    }
  };
  for (const signal of SIGNALS) process.on(signal, () => void stop(signal));
  // The launcher is gone, however it ended: a service that nobody keeps must not hold its port.
  process.once('disconnect', () => void stop('SIGTERM'));
}

/**
 * What main.ts is made of, and the only part that touches the process: a wrong setting or a taken port is one readable
 * line and exit code 1; SIGTERM and SIGINT stop in order, a second one at once; a mistake of ours ends the process,
 * because nobody knows what state it is in.
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
