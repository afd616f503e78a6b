import {
  createMessageCipher,
  type Database,
  type DatabaseOptions,
  isUnavailable,
  listenForSignals,
  startTail,
  type Tail,
} from '@fechatter/drizzle';
import type { Config, Log } from '@fechatter/service-kit';
import { BatchedReads } from './attach/batched-reads.ts';
import { loadMemberships, loadRecent, loadSessions } from './attach/stored-access.ts';
import { ReplaySlots } from './attach/replay-slots.ts';
import type { Streams } from './attach/streams.ts';
import type { Rendering } from './hub/event-of-entry.ts';
import { FrameCache } from './hub/frame-cache.ts';
import { Hub, StaleLease } from './hub/hub.ts';
import { Ring } from './hub/ring.ts';
import { InstancePresence } from './presence/instance-presence.ts';
import { type PresencePeriods, presencePeriods } from './presence/periods.ts';
import { streamCounts } from './metrics/stream-counts.ts';
import { type ReadWatch, watchedRead } from './metrics/traced-read.ts';
import { deliverSignal } from './signals/deliver-signal.ts';
import { SignalIntake } from './signals/signal-intake.ts';
import { WriteTurn } from './transport/write-turn.ts';

export interface StreamsOptions {
  readonly config: Pick<Config, 'notify' | 'limits' | 'encryption' | 'database'>;
  readonly access: DatabaseOptions;
  readonly db: Database;
  readonly log: Log;
  /** How many rows of the log are kept in memory. */
  readonly ringRows: number;
  /** Set by tests. */
  readonly periods?: Partial<PresencePeriods>;
}

export interface RunningStreams extends Streams {
  /** Whether the tail follows the log now. */
  readonly isFresh: () => boolean;
  /** How many entries had to be shown with placeholders. */
  readonly unreadable: () => number;
  /** The results of the sequencer's steps. */
  readonly sequencer: () => Tail['steps'];
  /** The counts of received signals. */
  readonly signals: () => SignalIntake['counts'];
  /** Begins to follow the log; call it once the database has this build's version. */
  follow(watch: ReadWatch): void;
  stop(): Promise<void>;
}

const LOG_AGAIN_MS = 30_000;
const PRELOADED_ROWS = 20_000;
const CACHE_BYTES = 33_554_432;

/** Builds the hub and what feeds it; nothing runs before `follow`. */
export function createStreams({ config, access, db, log, ringRows, periods }: StreamsOptions): RunningStreams {
  let tail: Tail | undefined;
  let unreadable = 0;
  const isFresh = () => tail?.isFresh ?? false;
  const ring = new Ring(ringRows);
  const cache = new FrameCache(CACHE_BYTES);
  const turn = new WriteTurn(isFresh);
  const rendering: Rendering = {
    cipher: createMessageCipher(config.encryption.keys.map(({ id, key }) => ({ id, key: Buffer.from(key) }))),
    onUnreadable: ({ pos, code, subjectId }, error) => {
      unreadable++;
      log.error({ err: error, pos, code, subjectId }, 'an event is shown with a placeholder');
    },
  };
  const counts = streamCounts();
  const retentionHours = config.database.eventRetentionHours;
  const memberships = new BatchedReads((userIds) => loadMemberships(db.pool, userIds, retentionHours));
  const sessions = new BatchedReads(
    async (ids) => new Map((await loadSessions(db.pool, ids)).map((session) => [session.id, session])),
  );
  const hub = new Hub({
    rendering,
    turn,
    isFresh,
    loadMemberships: async (userId) => {
      const found = await memberships.read(userId);
      if (found === undefined) throw new Error('a read of memberships has each requested person');
      return found;
    },
    streamsPerSession: config.limits.streamsPerSession,
    streamsPerPerson: config.limits.streamsPerPerson,
    bufferMaxBytes: config.notify.bufferMaxBytes,
    onOverfull: () => counts.overfullCuts++,
    onReleased: (connection) => presence.leave(connection),
    onPass: (frames) => {
      cache.passed(frames.row);
      ring.push(frames.entry);
      cache.add(frames, cache.drops);
    },
    onUnknown: (code) => log.fatal({ code }, 'the log has a kind of event that this build does not know: redeploy'),
  });
  const intake = new SignalIntake({
    deliver: (signal) => deliverSignal(hub, signal),
    onHint: (hint) => presence.take(hint),
    flush: () => turn.flush(),
  });
  const stopped = new AbortController();
  let listening: Promise<void> | undefined;
  let loggedAtMs = Number.NEGATIVE_INFINITY;
  const onError = (error: unknown) => {
    if (error instanceof StaleLease) return log.warn(error.message);
    // While the database is away every attempt fails, once a second and more.
    if (isUnavailable(error) && performance.now() - loggedAtMs < LOG_AGAIN_MS) return;
    loggedAtMs = performance.now();
    log.warn({ err: error }, 'following the log failed; trying again');
  };
  const presence: InstancePresence = new InstancePresence({
    pool: db.pool,
    hub,
    turn,
    periods: { ...presencePeriods, ...periods },
    onError,
  });

  return {
    hub,
    ring,
    cache,
    rendering,
    turn,
    slots: new ReplaySlots(),
    sessions,
    db: db.pool,
    retentionHours,
    isFresh,
    knownAsOfMs: () => tail?.knownAsOfMs ?? Number.NEGATIVE_INFINITY,
    readNow: () => tail?.wake(),
    unreadable: () => unreadable,
    sequencer: () => tail?.steps ?? { numbered: 0, idle: 0, lost: 0 },
    counts,
    presence,
    signals: () => intake.counts,
    follow(watch) {
      tail ??= startTail({
        database: access,
        onStart: async (cursor) => {
          hub.roster.clear();
          cache.clear();
          ring.reset(await loadRecent(db.pool, cursor, Math.min(ringRows, PRELOADED_ROWS)));
          hub.start(cursor);
          log.info({ pos: cursor.pos }, 'following the log');
        },
        onRead: (read) => watchedRead(read, watch, () => hub.pass(read)),
        onError,
      });
      presence.start();
      listening ??= listenForSignals(
        { database: access, onPayload: (payload) => intake.take(payload), onError },
        stopped.signal,
      );
    },
    async stop() {
      hub.roster.clear();
      stopped.abort();
      await Promise.all([tail?.stop(), listening, presence.stop()]);
    },
  };
}
