import { refuse } from '@fechatter/service-kit';
import type { PendingSend } from './pending-send.ts';

export const WAITING_MAX = 10_000;
export const WAITING_IN_CHAT_MAX = 1_000;
export const BATCH_MAX = 64;
export const BATCH_OF_CHAT_MAX = 32;

interface Line {
  readonly chatId: string;
  waiting: PendingSend[];
}

/** What is sent at once, and the chats that nothing else is sent into meanwhile. */
export interface Flight {
  readonly batch: readonly PendingSend[];
  readonly lines: readonly Line[];
}

/** What a flight leaves behind: messages to be sent again, in order, and the chats whose head another holds. */
export interface Landing {
  readonly left: readonly PendingSend[];
  readonly heldChats: ReadonlySet<string>;
}

/**
 * Who waits, chat by chat. A line is ready, held, or away with a flight, never two of these: a chat keeps its order.
 * A ready line moves to the end when it is taken, so a hot chat has its turn and no more.
 */
export class ChatLines {
  readonly #lines = new Map<string, Line>();
  readonly #ready = new Set<Line>();
  readonly #held: Line[] = [];
  #waiting = 0;

  get waiting(): number {
    return this.#waiting;
  }

  /** False where too many wait already. */
  add(pending: PendingSend): boolean {
    const { chatId } = pending.message;
    if (this.#waiting >= WAITING_MAX) return false;
    let line = this.#lines.get(chatId);
    if (line === undefined) {
      line = { chatId, waiting: [] };
      this.#lines.set(chatId, line);
      this.#ready.add(line);
    } else if (line.waiting.length >= WAITING_IN_CHAT_MAX) return false;
    line.waiting.push(pending);
    this.#waiting += 1;
    return true;
  }

  /** The next flight of the fast lane: whoever is ready, of any chats. */
  takeReady(): Flight | undefined {
    const batch: PendingSend[] = [];
    const lines: Line[] = [];
    for (const line of this.#ready) {
      if (batch.length >= BATCH_MAX) break;
      this.#ready.delete(line);
      const taken = this.#take(line, Math.min(BATCH_OF_CHAT_MAX, BATCH_MAX - batch.length));
      if (taken.length === 0) this.#lines.delete(line.chatId);
      else {
        batch.push(...taken);
        lines.push(line);
      }
    }
    return batch.length === 0 ? undefined : { batch, lines };
  }

  /** The next flight of the slow lane: one held chat. */
  takeHeld(): Flight | undefined {
    for (let line = this.#held.shift(); line !== undefined; line = this.#held.shift()) {
      const batch = this.#take(line, BATCH_MAX);
      if (batch.length > 0) return { batch, lines: [line] };
      this.#lines.delete(line.chatId);
    }
    return undefined;
  }

  land({ lines }: Flight, { left, heldChats }: Landing): void {
    for (const line of lines) {
      if (left.length > 0) {
        const own = left.filter(({ message }) => message.chatId === line.chatId);
        line.waiting.unshift(...own);
        this.#waiting += own.length;
      }
      if (line.waiting.length === 0) this.#lines.delete(line.chatId);
      else if (heldChats.has(line.chatId)) this.#held.push(line);
      else this.#ready.add(line);
    }
  }

  /** Drops who has waited too long or has gone. */
  expire(nowMs: number): void {
    for (const line of this.#lines.values()) {
      const before = line.waiting.length;
      line.waiting = line.waiting.filter((pending) => !hasGone(pending, nowMs));
      this.#waiting -= before - line.waiting.length;
    }
  }

  #take(line: Line, countMax: number): PendingSend[] {
    const taken: PendingSend[] = [];
    let count = 0;
    for (const pending of line.waiting) {
      if (taken.length >= countMax) break;
      count += 1;
      if (!hasGone(pending)) taken.push(pending);
    }
    line.waiting.splice(0, count);
    this.#waiting -= count;
    return taken;
  }
}

function hasGone(pending: PendingSend, nowMs = 0): boolean {
  if (pending.isSettled) return true;
  if (pending.signal?.aborted !== true && pending.deadlineMs > nowMs) return false;
  pending.reject(refuse('busy', { retryAfterMs: 1_000 }));
  return true;
}
