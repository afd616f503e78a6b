import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { refuse } from '@fechatter/service-kit';
import type { Frame } from '../wire/frame.ts';
import type { Transport } from './transport.ts';
import type { WriteTurn } from './write-turn.ts';

export type WireForm = 'trpc' | 'plain';

export interface SocketTransportOptions {
  readonly response: ServerResponse;
  readonly form: WireForm;
  readonly turn: WriteTurn;
  /** A reader with more bytes than this waiting in its socket is cut. */
  readonly bufferMaxBytes: number;
  readonly onSlowReader: () => void;
}

/**
 * Writes frames directly to the socket of a response whose body ends with the connection (`Connection: close`, neither
 * length nor chunks): the same bytes for everyone, and no other work per write.
 */
export class SocketTransport implements Transport {
  readonly #response: ServerResponse;
  readonly #socket: Socket;
  readonly #isTrpc: boolean;
  readonly #turn: WriteTurn;
  readonly #bufferMaxBytes: number;
  readonly #onSlowReader: () => void;
  #first: Buffer | undefined;
  #rest: Buffer[] | undefined;
  #state: 'waiting' | 'open' | 'over' = 'waiting';
  #onClose: (() => void) | undefined;

  constructor({ response, form, turn, bufferMaxBytes, onSlowReader }: SocketTransportOptions) {
    // A response that is pipelined after another one has no socket yet; no client of streams does that.
    if (response.socket === null)
      throw refuse('invalid_input', {
        message: 'Open a stream on a connection of its own, not behind another request.',
      });
    this.#response = response;
    this.#socket = response.socket;
    this.#isTrpc = form === 'trpc';
    this.#turn = turn;
    this.#bufferMaxBytes = bufferMaxBytes;
    this.#onSlowReader = onSlowReader;
    response.once('close', () => {
      this.#state = 'over';
      this.#onClose?.();
    });
  }

  /** Whether the head was sent, so that an error can no longer be a status. */
  get isOpen(): boolean {
    return this.#state !== 'waiting';
  }

  /** Whether nothing that is written will be sent any more. */
  get isOver(): boolean {
    return this.#state === 'over';
  }

  /** Sends the head, with the first bytes of the body if there are any. */
  open(headers: OutgoingHttpHeaders, first?: Buffer): void {
    if (this.#state !== 'waiting' || this.#socket.destroyed) return;
    this.#state = 'open';
    const response = this.#response;
    response.removeHeader('transfer-encoding');
    response.writeHead(200, { ...headers, connection: 'close' });
    if (first === undefined) response.flushHeaders();
    else response.write(first);
    this.#socket.setNoDelay(true);
  }

  send(frame: Frame): void {
    this.write(this.#isTrpc ? frame.trpc : frame.plain);
  }

  /** Writes bytes unchanged. */
  write(bytes: Buffer): void {
    if (this.#state !== 'open') return;
    if (this.#first === undefined) {
      this.#first = bytes;
      this.#turn.add(this);
    } else (this.#rest ??= []).push(bytes);
  }

  flush(): void {
    const socket = this.#socket;
    const first = this.#first;
    const rest = this.#rest;
    this.#first = undefined;
    this.#rest = undefined;
    if (first === undefined || this.#state === 'over') return;
    if (rest === undefined) socket.write(first);
    else {
      socket.cork();
      socket.write(first);
      for (const bytes of rest) socket.write(bytes);
      socket.uncork();
    }
    if (socket.writableLength > this.#bufferMaxBytes) {
      this.#onSlowReader();
      this.cut();
    }
  }

  bytesOf(frame: Frame): number {
    return this.#isTrpc ? frame.trpc.length : frame.plain.length;
  }

  get isBackedUp(): boolean {
    return this.#socket.writableLength > 0;
  }

  async drained(timeoutMs: number): Promise<boolean> {
    const socket = this.#socket;
    if (!socket.writableNeedDrain || socket.destroyed) return true;
    return new Promise((resolve) => {
      const settle = (isDrained: boolean) => {
        clearTimeout(timer);
        socket.off('drain', onDrain);
        socket.off('close', onDrain);
        resolve(isDrained);
      };
      const onDrain = () => settle(true);
      const timer = setTimeout(settle, timeoutMs, false);
      socket.on('drain', onDrain);
      socket.on('close', onDrain);
    });
  }

  end(): void {
    this.flush();
    this.#state = 'over';
    this.#socket.destroySoon();
  }

  cut(): void {
    this.#state = 'over';
    this.#socket.destroy();
  }

  onClose(listener: () => void): void {
    this.#onClose = listener;
    if (this.#socket.destroyed) queueMicrotask(listener);
  }
}
