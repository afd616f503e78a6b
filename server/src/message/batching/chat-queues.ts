import { refuse } from '@fechatter/service-kit';
import type { PendingWrite } from './pending-write.ts';

export const WAITING_MAX = 10_000;
export const WAITING_IN_CHAT_MAX = 1_000;
export const BATCH_MAX = 64;
export const BATCH_OF_CHAT_MAX = 32;

interface ChatQueue {
  readonly chatId: string;
  waiting: PendingWrite[];
}

/** The writes of one batch, and the queues of their chats, which no other batch takes meanwhile. */
export interface Batch {
  readonly writes: readonly PendingWrite[];
  readonly queues: readonly ChatQueue[];
}

/** What a batch leaves: writes to be retried, in order, and the chats whose head another transaction holds. */
export interface BatchResult {
  readonly left: readonly PendingWrite[];
  readonly heldChats: ReadonlySet<string>;
}

/**
 * The waiting writes, in one queue per chat. A queue is either ready, held or taken by a batch, so a chat keeps its
 * order. A ready queue moves to the end when it is taken, so a busy chat gets no more than its turn.
 */
export class ChatQueues {
  readonly #queues = new Map<string, ChatQueue>();
  readonly #ready = new Set<ChatQueue>();
  readonly #held: ChatQueue[] = [];
  #waiting = 0;

  get waiting(): number {
    return this.#waiting;
  }

  /** False if too many are waiting already. */
  add(pending: PendingWrite): boolean {
    const { chatId } = pending.write;
    if (this.#waiting >= WAITING_MAX) return false;
    let queue = this.#queues.get(chatId);
    if (queue === undefined) {
      queue = { chatId, waiting: [] };
      this.#queues.set(chatId, queue);
      this.#ready.add(queue);
    } else if (queue.waiting.length >= WAITING_IN_CHAT_MAX) return false;
    queue.waiting.push(pending);
    this.#waiting += 1;
    return true;
  }

  /** The next batch of the fast lane: takes from all ready queues. */
  takeReady(): Batch | undefined {
    const writes: PendingWrite[] = [];
    const queues: ChatQueue[] = [];
    for (const queue of this.#ready) {
      if (writes.length >= BATCH_MAX) break;
      this.#ready.delete(queue);
      const taken = this.#take(queue, Math.min(BATCH_OF_CHAT_MAX, BATCH_MAX - writes.length));
      if (taken.length === 0) this.#queues.delete(queue.chatId);
      else {
        writes.push(...taken);
        queues.push(queue);
      }
    }
    return writes.length === 0 ? undefined : { writes, queues };
  }

  /** The next batch of the slow lane: one held chat. */
  takeHeld(): Batch | undefined {
    for (let queue = this.#held.shift(); queue !== undefined; queue = this.#held.shift()) {
      const writes = this.#take(queue, BATCH_MAX);
      if (writes.length > 0) return { writes, queues: [queue] };
      this.#queues.delete(queue.chatId);
    }
    return undefined;
  }

  /** Puts the queues of a batch back: ready, held, or dropped if they are empty. */
  settle({ queues }: Batch, { left, heldChats }: BatchResult): void {
    for (const queue of queues) {
      if (left.length > 0) {
        const own = left.filter(({ write }) => write.chatId === queue.chatId);
        queue.waiting.unshift(...own);
        this.#waiting += own.length;
      }
      if (queue.waiting.length === 0) this.#queues.delete(queue.chatId);
      else if (heldChats.has(queue.chatId)) this.#held.push(queue);
      else this.#ready.add(queue);
    }
  }

  /** Drops writes that have waited too long or whose caller has disconnected. */
  expire(nowMs: number): void {
    for (const queue of this.#queues.values()) {
      const before = queue.waiting.length;
      queue.waiting = queue.waiting.filter((pending) => !isCancelled(pending, nowMs));
      this.#waiting -= before - queue.waiting.length;
    }
  }

  #take(queue: ChatQueue, countMax: number): PendingWrite[] {
    const taken: PendingWrite[] = [];
    let count = 0;
    for (const pending of queue.waiting) {
      if (taken.length >= countMax) break;
      count += 1;
      if (!isCancelled(pending)) taken.push(pending);
    }
    queue.waiting.splice(0, count);
    this.#waiting -= count;
    return taken;
  }
}

function isCancelled(pending: PendingWrite, nowMs = 0): boolean {
  if (pending.isSettled) return true;
  if (pending.signal?.aborted !== true && pending.deadlineMs > nowMs) return false;
  pending.reject(refuse('busy', { retryAfterMs: 1_000 }));
  return true;
}
