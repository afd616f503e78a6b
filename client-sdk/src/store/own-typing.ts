import type { FechatterClient } from '../create-fechatter.ts';

/** The minimum time between two calls; the service passes on one in 3 s. */
const TOLD_EVERY_MS = 4_000;
/** For how long others show it without another call. */
const SHOWN_MS = 10_000;

interface Told {
  readonly chatId: string;
  readonly threadId: string | null;
  /** When the last call was made. */
  atMs: number;
  isTyping: boolean;
  /** The timer of the next call. */
  again?: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Tells the service that this person is typing, at a bounded rate, however often the app reports it (at each key
 * stroke, for example).
 */
export class OwnTyping {
  readonly #client: Pick<FechatterClient, 'chat'>;
  readonly #everyMs: number;
  readonly #places = new Map<string, Told>();

  constructor(client: Pick<FechatterClient, 'chat'>, everyMs: number = TOLD_EVERY_MS) {
    this.#client = client;
    this.#everyMs = everyMs;
  }

  set(chatId: string, threadId: string | null, isTyping: boolean): void {
    const told = this.#told(chatId, threadId);
    const wasTyping = told.isTyping;
    told.isTyping = isTyping;
    const agoMs = performance.now() - told.atMs;
    if (!isTyping) {
      this.#cancel(told);
      if (wasTyping && agoMs < SHOWN_MS) this.#say(told);
    } else if (agoMs >= this.#everyMs) this.#begin(told);
    else if (!wasTyping) told.again ??= setTimeout(() => this.#begin(told), this.#everyMs - agoMs);
  }

  /** A sent message ends typing by itself. */
  sent(chatId: string, threadId: string | null): void {
    const told = this.#told(chatId, threadId);
    told.isTyping = false;
    this.#cancel(told);
  }

  close(): void {
    for (const told of this.#places.values()) this.#cancel(told);
  }

  #told(chatId: string, threadId: string | null): Told {
    const place = `${chatId} ${threadId}`;
    const told = this.#places.get(place) ?? { chatId, threadId, atMs: Number.NEGATIVE_INFINITY, isTyping: false };
    this.#places.set(place, told);
    return told;
  }

  #begin(told: Told): void {
    this.#cancel(told);
    told.atMs = performance.now();
    this.#say(told);
  }

  #cancel(told: Told): void {
    clearTimeout(told.again);
    told.again = undefined;
  }

  /** It may be lost, and nothing waits for it. */
  #say({ chatId, threadId, isTyping }: Told): void {
    const input = { chatId, isTyping, ...(threadId !== null && { threadId }) };
    this.#client.chat.setTyping.mutate(input).catch(() => {});
  }
}
