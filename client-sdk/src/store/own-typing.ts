import type { FechatterClient } from '../create-fechatter.ts';

/** The minimum time between two calls; the service passes on one in 3 s. */
const CALL_EVERY_MS = 4_000;
/** For how long others show it without another call. */
const SHOWN_MS = 10_000;

interface Place {
  readonly chatId: string;
  readonly threadId: string | null;
  /** When the last call was made. */
  atMs: number;
  isTyping: boolean;
  /** The timer of the next call. */
  again?: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Reports to the service that this person is typing, at a bounded rate, however often the app reports it (at each key
 * stroke, for example).
 */
export class OwnTyping {
  readonly #client: Pick<FechatterClient, 'chat'>;
  readonly #everyMs: number;
  readonly #places = new Map<string, Place>();

  constructor(client: Pick<FechatterClient, 'chat'>, everyMs: number = CALL_EVERY_MS) {
    this.#client = client;
    this.#everyMs = everyMs;
  }

  set(chatId: string, threadId: string | null, isTyping: boolean): void {
    const place = this.#placeOf(chatId, threadId);
    const wasTyping = place.isTyping;
    place.isTyping = isTyping;
    const agoMs = performance.now() - place.atMs;
    if (!isTyping) {
      this.#cancel(place);
      if (wasTyping && agoMs < SHOWN_MS) this.#send(place);
    } else if (agoMs >= this.#everyMs) this.#begin(place);
    else if (!wasTyping) place.again ??= setTimeout(() => this.#begin(place), this.#everyMs - agoMs);
  }

  /** A sent message ends typing by itself. */
  sent(chatId: string, threadId: string | null): void {
    const place = this.#placeOf(chatId, threadId);
    place.isTyping = false;
    this.#cancel(place);
  }

  close(): void {
    for (const place of this.#places.values()) this.#cancel(place);
  }

  #placeOf(chatId: string, threadId: string | null): Place {
    const key = `${chatId} ${threadId}`;
    const place = this.#places.get(key) ?? { chatId, threadId, atMs: Number.NEGATIVE_INFINITY, isTyping: false };
    this.#places.set(key, place);
    return place;
  }

  #begin(place: Place): void {
    this.#cancel(place);
    place.atMs = performance.now();
    this.#send(place);
  }

  #cancel(place: Place): void {
    clearTimeout(place.again);
    place.again = undefined;
  }

  /** It may be lost, and nothing waits for it. */
  #send({ chatId, threadId, isTyping }: Place): void {
    const input = { chatId, isTyping, ...(threadId !== null && { threadId }) };
    this.#client.chat.setTyping.mutate(input).catch(() => {});
  }
}
