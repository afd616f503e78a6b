import { type Database, errorCode, isUnavailable as isDatabaseUnavailable } from '@fechatter/drizzle';
import { inSpan, refuse } from '@fechatter/service-kit';
import type { BatchResult } from './chat-queues.ts';
import type { WriteResult } from './outgoing.ts';
import type { PendingWrite } from './pending-write.ts';
import { isLockTimeout, type SendMode, Unreachable, writeBatch, type WriteLimits } from './write-batch.ts';

/**
 * Counters of a queue: `batches` are calls of the database, `held` are chats found locked, `retries` are batches that
 * failed as a whole.
 */
export interface SendStats {
  batches: number;
  messages: number;
  held: number;
  busy: number;
  retries: number;
}

export interface DispatchDeps {
  readonly pool: Database['pool'];
  readonly limits: WriteLimits;
  readonly stats: SendStats;
  readonly onSent: () => void;
  readonly onBatchFailed: (error: unknown, messages: number) => void;
  readonly isUnavailable?: ((error: unknown) => boolean) | undefined;
}

export type Lane = 'fast' | 'slow';

const ATTEMPTS_ALONE_MAX = 5;
const RETRY_AFTER_MS = 1_000;

/** Sends one batch to the database. Never throws: every message is either settled or left for another batch. */
export class BatchDispatch {
  readonly #deps: DispatchDeps;
  readonly #batch: readonly PendingWrite[];
  readonly #lane: Lane;
  readonly #left: PendingWrite[] = [];
  readonly #heldChats = new Set<string>();

  constructor(deps: DispatchDeps, batch: readonly PendingWrite[], lane: Lane) {
    this.#deps = deps;
    this.#batch = batch;
    this.#lane = lane;
  }

  dispatch(): Promise<BatchResult> {
    const attributes = { 'fechatter.messages': this.#batch.length, 'fechatter.lane': this.#lane };
    const together = this.#batch.flatMap(({ span }) => span ?? []);
    return inSpan('send batch', { attributes, together }, () => this.#send());
  }

  async #send(): Promise<BatchResult> {
    try {
      this.#deliver(this.#batch, await this.#callWhole());
    } catch (error) {
      if (isLockTimeout(error)) this.#giveUpHeld(this.#batch);
      else if (error instanceof Unreachable) this.#fail(this.#batch, error);
      else await this.#sendOneByOne(error);
    }
    return { left: this.#left, heldChats: this.#heldChats };
  }

  async #callWhole(): Promise<readonly (WriteResult | 'held')[]> {
    if (this.#lane === 'slow') return this.#call(this.#batch, 'wait');
    try {
      return await this.#call(this.#batch, 'brief');
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      return this.#call(this.#batch, 'skip');
    }
  }

  #call(batch: readonly PendingWrite[], mode: SendMode): Promise<readonly (WriteResult | 'held')[]> {
    const { pool, limits, stats } = this.#deps;
    stats.batches += 1;
    const writes = batch.map(({ write }) => write);
    return writeBatch(pool, writes, mode, limits);
  }

  #deliver(batch: readonly PendingWrite[], results: readonly (WriteResult | 'held')[]): void {
    let hasSent = false;
    for (const [index, pending] of batch.entries()) {
      const result = results[index];
      if (result === undefined || result === 'held') this.#leave(pending);
      else {
        hasSent ||= result.outcome === 'sent' || result.outcome === 'changed';
        this.#deps.stats.messages += 1;
        pending.resolve(result);
      }
    }
    if (hasSent) this.#deps.onSent();
  }

  #leave(pending: PendingWrite): void {
    const { chatId } = pending.write;
    if (!this.#heldChats.has(chatId)) this.#deps.stats.held += 1;
    this.#heldChats.add(chatId);
    this.#left.push(pending);
  }

  #giveUpHeld(batch: readonly PendingWrite[]): void {
    this.#deps.stats.busy += batch.length;
    for (const pending of batch) {
      this.#heldChats.add(pending.write.chatId);
      pending.reject(refuse('busy', { retryAfterMs: RETRY_AFTER_MS }));
    }
  }

  /** The batch may or may not have been committed: with the same clientId each message is still sent only once. */
  async #sendOneByOne(cause: unknown): Promise<void> {
    this.#deps.stats.retries += 1;
    this.#deps.onBatchFailed(cause, this.#batch.length);
    for (const [index, pending] of this.#batch.entries()) {
      if (pending.isSettled) continue;
      if (this.#heldChats.has(pending.write.chatId)) this.#passBy(pending);
      else {
        const failure = await this.#sendAlone(pending);
        if (failure !== undefined) return this.#fail(this.#batch.slice(index), failure);
      }
    }
  }

  #passBy(pending: PendingWrite): void {
    if (this.#lane === 'fast') this.#leave(pending);
    else this.#giveUpHeld([pending]);
  }

  /** Returns the failure if it means that no other message would succeed either. */
  async #sendAlone(pending: PendingWrite): Promise<Unreachable | undefined> {
    for (let attempt = 1; !pending.isSettled; attempt++) {
      try {
        this.#deliver([pending], await this.#call([pending], this.#lane === 'fast' ? 'skip' : 'wait'));
        return undefined;
      } catch (error) {
        if (error instanceof Unreachable) return error;
        if (isLockTimeout(error)) this.#giveUpHeld([pending]);
        else if (attempt === ATTEMPTS_ALONE_MAX || !this.#mayPass(error)) this.#fail([pending], error);
      }
    }
    return undefined;
  }

  #mayPass(error: unknown): boolean {
    return this.#isUnavailable(error) || errorCode(error)?.startsWith('40') === true;
  }

  #isUnavailable(error: unknown): boolean {
    return (this.#deps.isUnavailable ?? isDatabaseUnavailable)(error);
  }

  #fail(batch: readonly PendingWrite[], error: unknown): void {
    const isAway = error instanceof Unreachable || this.#isUnavailable(error);
    for (const pending of batch) {
      if (pending.isSettled) continue;
      pending.reject(isAway ? refuse('database_unavailable', { cause: error, retryAfterMs: RETRY_AFTER_MS }) : error);
    }
  }
}
