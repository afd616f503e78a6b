import type { Queryable } from '@fechatter/drizzle';
import type { Connection } from '../hub/connection.ts';
import type { PresencePeriods } from './periods.ts';

interface Here {
  /** The session of their stream. */
  readonly sessionId: string;
  readonly connections: Set<Connection>;
  /** When the last stream ended, on the monotonic clock. */
  leftAtMs: number;
  isWritten: boolean;
}

interface OwnStream {
  readonly sessionId: string;
  isWritten: boolean;
}

export interface OwnPeopleOptions {
  readonly db: Queryable;
  readonly instanceId: string;
  readonly periods: Pick<PresencePeriods, 'graceMs' | 'leaseMs' | 'renewMs'>;
  /** The people whom a stream watches. */
  readonly watchedBy: (streamId: string) => readonly string[];
}

interface Changes {
  readonly came: readonly (readonly [userId: string, here: Here])[];
  readonly went: readonly string[];
  readonly opened: readonly (readonly [streamId: string, stream: OwnStream])[];
  readonly closed: readonly string[];
}

/** What was written since this process began: batches of who came and went, and renewals of the lease; and what failed. */
export interface PresenceWrites {
  readonly changes: number;
  readonly renewals: number;
  readonly failed: number;
}

/**
 * The people at this instance, and what the database knows of them: written in batches, however many connect and
 * disconnect.
 */
export class OwnPeople {
  readonly #options: OwnPeopleOptions;
  readonly #people = new Map<string, Here>();
  readonly #streams = new Map<string, OwnStream>();
  readonly #closed = new Set<string>();
  readonly #writes = { changes: 0, renewals: 0, failed: 0 };
  #renewAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: OwnPeopleOptions) {
    this.#options = options;
  }

  get writes(): PresenceWrites {
    return this.#writes;
  }

  /** The people whom the database knows to be here. */
  get leased(): number {
    return writtenIn(this.#people).length;
  }

  arrive(connection: Connection, isPage: boolean): void {
    const { reader, session, streamId } = connection;
    const known = this.#people.get(reader.userId);
    const here = known ?? { sessionId: session.id, connections: new Set(), leftAtMs: 0, isWritten: false };
    here.connections.add(connection);
    this.#people.set(reader.userId, here);
    if (!isPage) this.#streams.set(streamId, { sessionId: session.id, isWritten: false });
  }

  leave(connection: Connection): void {
    const here = this.#people.get(connection.reader.userId);
    if (here?.connections.delete(connection) === true) here.leftAtMs = performance.now();
    const stream = this.#streams.get(connection.streamId);
    if (stream?.isWritten === true) this.#closed.add(connection.streamId);
    this.#streams.delete(connection.streamId);
  }

  /** Writes what has changed, and renews the lease when it is time; returns whose presence has changed. */
  async write(): Promise<readonly string[]> {
    const changes = this.#changes();
    const isDue = performance.now() >= this.#renewAtMs;
    try {
      const changed = changes === undefined ? [] : await this.#writeChanges(changes);
      if (isDue) await this.#repair();
      return changed;
    } catch (error) {
      this.#writes.failed += 1;
      throw error;
    }
  }

  /** Renews the lease, and restores rows that are missing. */
  async #repair(): Promise<void> {
    const { db, instanceId, periods, watchedBy } = this.#options;
    const { rows } = await db.query<{ stream_id: string }>({
      name: 'presence-repair',
      text: 'select stream_id from presence_repair($1, $2, $3, $4)',
      values: [instanceId, periods.leaseMs, writtenIn(this.#people), writtenIn(this.#streams)],
    });
    const missing = rows.flatMap(({ stream_id: id }) => {
      const stream = this.#streams.get(id);
      return stream === undefined ? [] : { id, session_id: stream.sessionId, user_ids: watchedBy(id) };
    });
    if (missing.length > 0) await db.query('select presence_restore($1, $2)', [instanceId, JSON.stringify(missing)]);
    this.#writes.renewals += 1;
    this.#renewAtMs = performance.now() + periods.renewMs;
  }

  /** Its people stay online for the time in which their clients reconnect elsewhere. */
  async leaveAll(): Promise<void> {
    const { db, instanceId, periods } = this.#options;
    await db.query('select presence_renew($1, $2)', [instanceId, periods.graceMs]);
  }

  /** Undefined: nothing has changed. */
  #changes(): Changes | undefined {
    const leftBeforeMs = performance.now() - this.#options.periods.graceMs;
    const came: [string, Here][] = [];
    const went: string[] = [];
    for (const [userId, here] of this.#people) {
      if (!here.isWritten) came.push([userId, here]);
      else if (here.connections.size === 0 && here.leftAtMs <= leftBeforeMs) went.push(userId);
    }
    const opened = [...this.#streams].filter(([, { isWritten }]) => !isWritten);
    const closed = [...this.#closed];
    const isNothing = [came, went, opened, closed].every(({ length }) => length === 0);
    return isNothing ? undefined : { came, went, opened, closed };
  }

  async #writeChanges({ came, went, opened, closed }: Changes): Promise<readonly string[]> {
    const { db, instanceId, periods } = this.#options;
    const { rows } = await db.query<{ user_id: string }>({
      name: 'presence-write',
      text: 'select user_id from presence_write($1, $2, $3, $4, $5, $6, $7, $8)',
      values: [
        instanceId,
        periods.leaseMs,
        came.map(([userId]) => userId),
        came.map(([, { sessionId }]) => sessionId),
        went,
        opened.map(([streamId]) => streamId),
        opened.map(([, { sessionId }]) => sessionId),
        closed,
      ],
    });
    this.#writes.changes += 1;
    for (const [, here] of came) here.isWritten = true;
    for (const userId of went) this.#forget(userId);
    for (const [streamId, stream] of opened) {
      stream.isWritten = true;
      if (!this.#streams.has(streamId)) this.#closed.add(streamId);
    }
    for (const streamId of closed) this.#closed.delete(streamId);
    return rows.map(({ user_id: userId }) => userId);
  }

  /** A person who reconnected while their leaving was being written is added again. */
  #forget(userId: string): void {
    const here = this.#people.get(userId);
    if (here === undefined) return;
    if (here.connections.size === 0) this.#people.delete(userId);
    else here.isWritten = false;
  }
}

const writtenIn = (known: ReadonlyMap<string, { readonly isWritten: boolean }>): string[] =>
  [...known].flatMap(([id, { isWritten }]) => (isWritten ? [id] : []));
