import type { FechatterClient } from '../create-fechatter.ts';
import { Backoff, type BackoffOptions } from '../events/backoff.ts';
import type { Thread } from '../wire.ts';
import { isRefusal } from './reads.ts';
import type { ThreadRef, Threads } from './threads.ts';

/** A requested change of a thread: read up to this reply, or followed or not. */
type Wish = { readonly upToNumber: number } | { readonly isFollowing: boolean };

/** Stores what the service returns. */
type Asking = Pick<Threads, 'ask'>;

interface Way {
  wish: Wish;
  readonly done: Promise<void>;
}

/**
 * Sends a person's changes of threads to the service, one call at a time for each thread; the last request always
 * arrives.
 */
export class OwnThreads {
  readonly #client: FechatterClient;
  readonly #backoff: BackoffOptions;
  readonly #stopped: AbortSignal;
  readonly #threads: Asking;
  readonly #underWay = new Map<string, Way>();

  constructor(client: FechatterClient, backoff: BackoffOptions, stopped: AbortSignal, threads: Asking) {
    this.#client = client;
    this.#backoff = backoff;
    this.#stopped = stopped;
    this.#threads = threads;
  }

  /** Of several marks, the highest counts. */
  read(ref: ThreadRef, upToNumber: number): Promise<void> {
    return this.#set(`read ${ref.rootId}`, ref, { upToNumber });
  }

  follow(ref: ThreadRef, isFollowing: boolean): Promise<void> {
    return this.#set(`follow ${ref.rootId}`, ref, { isFollowing });
  }

  #set(key: string, ref: ThreadRef, wish: Wish): Promise<void> {
    const underWay = this.#underWay.get(key);
    if (underWay === undefined) {
      const way: Way = { wish, done: Promise.resolve().then(() => this.#bring(key, ref, way)) };
      this.#underWay.set(key, way);
      return way.done;
    }
    const isLower =
      'upToNumber' in wish && 'upToNumber' in underWay.wish && wish.upToNumber <= underWay.wish.upToNumber;
    if (!isLower) underWay.wish = wish;
    return underWay.done;
  }

  async #bring(key: string, ref: ThreadRef, way: Way): Promise<void> {
    const backoff = new Backoff(this.#backoff);
    try {
      for (let arrived: Wish | undefined; arrived !== way.wish; ) {
        this.#stopped.throwIfAborted();
        const { wish } = way;
        try {
          await this.#threads.ask(ref, () => this.#call(ref, wish));
          arrived = wish;
        } catch (error) {
          if (isRefusal(error)) throw error;
          await backoff.pause(this.#stopped);
        }
      }
    } finally {
      this.#underWay.delete(key);
    }
  }

  #call(ref: ThreadRef, wish: Wish): Promise<Thread> {
    const { thread } = this.#client;
    if ('upToNumber' in wish) return thread.markRead.mutate({ ...ref, number: wish.upToNumber });
    return wish.isFollowing ? thread.follow.mutate(ref) : thread.unfollow.mutate(ref);
  }
}
