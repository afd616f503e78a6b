import { on } from 'node:events';
import { join } from 'node:path';
import { type BenchProcess, benchProcess } from '../system/bench-process.ts';

export interface ReturningClient {
  /** The head of its request without the final empty line: the last id is added there. */
  readonly head: string;
  /** The number of messages that it must have in the end. */
  readonly expected: number;
}

export type ToReturning =
  | { readonly kind: 'open'; readonly port: number; readonly clients: readonly ReturningClient[] }
  /** Every client now expects this many more messages. */
  | { readonly kind: 'expect'; readonly more: number }
  /** Until 'go', clients that lose their connection wait; then all reconnect at once. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'go' };

/** Sent whenever it becomes true. */
export interface FromReturning {
  readonly kind: 'all live' | 'all caught up';
  readonly atNs: string;
  /** The number so far of messages that came twice or out of order, and of streams begun with a reset. */
  readonly repeated: number;
  readonly resets: number;
  /** How often a connection was refused or ended before it was live. */
  readonly refused: number;
}

/** Clients that reconnect by themselves with their last id, in their own process. */
export interface Returning extends BenchProcess {
  open(port: number, clients: readonly ReturningClient[]): void;
  expect(more: number): void;
  /** Keeps clients that lose their connection from reconnecting, until `go`. */
  hold(): void;
  go(): void;
  until(kind: FromReturning['kind']): Promise<FromReturning>;
}

export function startReturning(folder: string): Returning {
  const running = benchProcess({
    entry: 'bench/src/storm/returning-process.ts',
    logFile: join(folder, 'returning.log'),
  });
  const { child } = running;
  const send = (message: ToReturning) => void child.send(message);
  return {
    ...running,
    open: (port, clients) => send({ kind: 'open', port, clients }),
    expect: (more) => send({ kind: 'expect', more }),
    hold: () => send({ kind: 'hold' }),
    go: () => send({ kind: 'go' }),
    async until(kind) {
      for await (const [message] of on(child, 'message') as AsyncIterable<[FromReturning]>)
        if (message.kind === kind) return message;
      throw new Error('the clients have gone');
    },
  };
}
