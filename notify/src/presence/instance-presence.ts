import type { PresenceHint } from '@fechatter/contract';
import { createSignalSender, type Queryable } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Connection } from '../hub/connection.ts';
import type { Hub } from '../hub/hub.ts';
import type { WriteTurn } from '../transport/write-turn.ts';
import { sendChanges } from './send-changes.ts';
import { OwnPeople, type PresenceWrites } from './own-people.ts';
import type { PresencePeriods } from './periods.ts';
import { loadWatches, loadWatchVersions } from './stored-presence.ts';
import { Watches } from './watches.ts';

export interface InstancePresenceOptions {
  readonly pool: Parameters<typeof createSignalSender>[0] & Queryable;
  readonly hub: Pick<Hub, 'position' | 'isFresh' | 'roster'>;
  readonly turn: WriteTurn;
  readonly periods: PresencePeriods;
  readonly onError: (error: unknown) => void;
}

/** Above this many changes at once, all notifies read everyone whom they watch. */
const HINTS_MAX = 300;
const STREAMS_MAX = 1_000;

/**
 * Presence at one instance: writes its connected people, reads the people whom its streams watch, and sends changes.
 * Everything is written and read in batches, and read again every 30 s, so that a lost notification causes a delay and
 * no loss.
 */
export class InstancePresence {
  readonly id = randomUUID();
  readonly #options: InstancePresenceOptions;
  readonly #own: OwnPeople;
  readonly #watches = new Watches();
  readonly #sender: ReturnType<typeof createSignalSender>;
  readonly #stopped = new AbortController();
  readonly #toSend = new Set<string>();
  readonly #toRead = new Set<string>();
  #isAllDue = false;
  #wake = () => {};
  #running: Promise<unknown> | undefined;

  constructor(options: InstancePresenceOptions) {
    this.#options = options;
    this.#own = new OwnPeople({
      db: options.pool,
      instanceId: this.id,
      periods: options.periods,
      watchedBy: (streamId) => [...(this.#watches.of(streamId)?.sent.keys() ?? [])],
    });
    this.#sender = createSignalSender(options.pool);
  }

  /** Whom its streams watch, whom it keeps as being here, and what it has written. */
  get figures(): { readonly watched: number; readonly leased: number; readonly writes: PresenceWrites } {
    return { watched: this.#watches.people.size, leased: this.#own.leased, writes: this.#own.writes };
  }

  /** A stream is live, or a page is waited for. */
  arrive(connection: Connection, isPage: boolean): void {
    this.#own.arrive(connection, isPage);
  }

  leave(connection: Connection): void {
    this.#own.leave(connection);
    this.#watches.delete(connection.streamId);
  }

  /** Handles a hint of another process, or of this one. */
  take(hint: PresenceHint): void {
    if (hint.kind === 'presence.watched') {
      if (hint.instanceId !== this.id) return;
      this.#toRead.add(hint.streamId);
    } else if (hint.userId === null) for (const userId of this.#watches.people.keys()) this.#toSend.add(userId);
    else if (this.#watches.people.has(hint.userId)) this.#toSend.add(hint.userId);
    else return;
    this.#wake();
  }

  /** Sends the instance of a stream a hint that it watches other people now. */
  hintWatched(streamId: string, instanceId: string): void {
    const hint = { kind: 'presence.watched', streamId, instanceId } as const;
    if (instanceId === this.id) this.take(hint);
    else this.#sender.send(hint);
  }

  /** The stream of this instance with that id, if it belongs to that session. */
  ownStream(streamId: string, sessionId: string): Connection | undefined {
    for (const connection of this.#options.hub.roster.sessions.get(sessionId)?.connections ?? [])
      if (connection.streamId === streamId && connection.phase === 'live') return connection;
    return undefined;
  }

  start(): void {
    this.#running ??= Promise.all([this.#keepWriting(), this.#keepSending()]);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#wake();
    if (this.#running === undefined) return;
    await this.#running;
    await this.#own.leaveAll().catch(this.#options.onError);
    await this.#sender.close();
  }

  async #keepWriting(): Promise<void> {
    const { periods, onError } = this.#options;
    while (!this.#stopped.signal.aborted) {
      await this.#write().catch(onError);
      await this.#pause(periods.writeMs);
    }
  }

  async #write(): Promise<void> {
    const changed = await this.#own.write();
    const hinted = changed.length > HINTS_MAX ? [null] : changed;
    for (const userId of hinted) this.#sender.send({ kind: 'presence.changed', userId });
  }

  async #keepSending(): Promise<void> {
    const { periods, onError } = this.#options;
    const everyMs = setInterval(() => {
      this.#isAllDue = true;
      this.#wake();
    }, periods.renewMs);
    while (!this.#stopped.signal.aborted) {
      if (!this.#isAllDue && this.#toSend.size + this.#toRead.size === 0)
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      await this.#sendDue().catch(onError);
      await this.#pause(periods.gatherMs);
    }
    clearInterval(everyMs);
  }

  /** What is due when it begins; what fails is due at the next time that all is. */
  async #sendDue(): Promise<void> {
    const { pool, hub, turn } = this.#options;
    const isAll = this.#isAllDue;
    this.#isAllDue = false;
    const streams = isAll ? undefined : [...this.#toRead];
    this.#toRead.clear();
    if (streams === undefined || streams.length > 0) await this.#readWatches(streams);
    const people = isAll ? [...this.#watches.people.keys()] : [...this.#toSend];
    this.#toSend.clear();
    await sendChanges({ db: pool, hub, turn, watches: this.#watches }, people, isAll);
  }

  /** Reads whom streams watch now; all of them, or certain ones. */
  async #readWatches(streamIds: readonly string[] | undefined): Promise<void> {
    const { pool, hub } = this.#options;
    const versions = await loadWatchVersions(pool, this.id, streamIds);
    const changed = versions.filter(({ streamId, version }) => this.#watches.of(streamId)?.version !== version);
    const open = new Map([...hub.roster.connections].map((connection) => [connection.streamId, connection]));
    for (let at = 0; at < changed.length; at += STREAMS_MAX) {
      const ids = changed.slice(at, at + STREAMS_MAX).map(({ streamId }) => streamId);
      for (const { streamId, version, userIds } of await loadWatches(pool, ids)) {
        const connection = open.get(streamId);
        if (connection === undefined || connection.isGone()) continue;
        this.#watches.set(connection, userIds, version);
        for (const userId of userIds) this.#toSend.add(userId);
      }
    }
  }

  async #pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.#stopped.signal, ref: false }).catch(() => {});
  }
}
