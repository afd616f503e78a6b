import { on } from 'node:events';
import { join } from 'node:path';
import { type BenchProcess, benchProcess } from '../system/bench-process.ts';

export interface ReturningClient {
  /** The head of its request, without the empty line that ends it: its last id is added there. */
  readonly head: string;
  /** How many messages it is to have in the end. */
  readonly expected: number;
}

export type ToReturning =
  | { readonly kind: 'open'; readonly port: number; readonly clients: readonly ReturningClient[] }
  /** From now on every client has this many more messages to come. */
  | { readonly kind: 'expect'; readonly more: number }
  /** Until 'go', whoever loses its connection waits; then all come back at once. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'go' };

/** Told whenever it has become true. */
export interface FromReturning {
  readonly kind: 'all live' | 'all caught up';
  readonly atNs: string;
  /** Messages that came twice or out of order, and streams begun with reset, so far. */
  readonly repeated: number;
  readonly resets: number;
  /** How often a connection was refused or ended before it was live. */
  readonly refused: number;
}

/** Clients that come back by themselves with their last id, in a process of their own. */
export interface Returning extends BenchProcess {
  open(port: number, clients: readonly ReturningClient[]): void;
  expect(more: number): void;
  /** Keeps those that lose their connection from coming back, until `go`. */
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
  const tell = (message: ToReturning) => void child.send(message);
  return {
    ...running,
    open: (port, clients) => tell({ kind: 'open', port, clients }),
    expect: (more) => tell({ kind: 'expect', more }),
    hold: () => tell({ kind: 'hold' }),
    go: () => tell({ kind: 'go' }),
    async until(kind) {
      for await (const [message] of on(child, 'message') as AsyncIterable<[FromReturning]>)
        if (message.kind === kind) return message;
      throw new Error('the clients have gone');
    },
  };
}
