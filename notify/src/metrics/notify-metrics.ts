import { type Database, logState } from '@fechatter/drizzle';
import { type Metrics, registerDatabaseMetrics, type TokenVerifier } from '@fechatter/service-kit';
import type { RunningStreams } from '../start-streams.ts';
import type { ReadWatch } from './traced-read.ts';

export interface NotifyMetricsOptions {
  readonly metrics: Metrics;
  readonly db: Database;
  readonly streams: RunningStreams;
  readonly verifier: TokenVerifier;
}

const LAG_BUCKETS_SECONDS = [0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Makes the histogram of the delay of events; the tail feeds it. */
export function eventLag(metrics: Metrics): ReadWatch['lag'] {
  return metrics.histogram({
    name: 'fechatter_event_lag_seconds',
    help: "From the writing of an event until it was written to its readers' sockets, by the database's clock.",
    buckets: LAG_BUCKETS_SECONDS,
  });
}

/**
 * Adds the metrics of notify, which are all counted elsewhere and read at the scrape. Returns the clocks' difference.
 */
export function registerNotifyMetrics({
  metrics,
  db,
  streams,
  verifier,
}: NotifyMetricsOptions): ReadWatch['clockOffsetMs'] {
  const watch = registerDatabaseMetrics(metrics, { pool: db.pool, logState: () => logState(db.pool) });
  const { hub, slots, cache, counts } = streams;
  metrics.cache('verified_tokens', verifier.remembered);
  metrics.cache('frames', cache.counts);
  metrics.gauge({
    name: 'fechatter_streams',
    help: 'Streams that are open.',
    read: () => hub.roster.connections.size,
  });
  metrics.gauge({
    name: 'fechatter_stream_readers',
    help: 'People who have a stream open.',
    read: () => [...hub.roster.readers.values()].filter(({ connections }) => connections.size > 0).length,
  });
  metrics.counter({
    name: 'fechatter_stream_attaches_total',
    help: 'Streams that went live: resumed after their last id, or started from now.',
    label: 'how',
    read: () => ({ resumed: counts.resumed, started: counts.started }),
  });
  metrics.counter({
    name: 'fechatter_stream_resets_total',
    help: 'Streams that got a reset and must read their state again, by reason.',
    label: 'reason',
    read: () => counts.resets,
  });
  metrics.counter({
    name: 'fechatter_stream_buffer_cuts_total',
    help: 'Streams that were cut because their reader was too slow: while live, or while they attached.',
    label: 'phase',
    read: () => ({ live: counts.slowReaderCuts, attaching: counts.overfullCuts }),
  });
  metrics.counter({
    name: 'fechatter_events_total',
    help: 'Rows of the log that were passed to their readers.',
    read: () => hub.passed.rows,
  });
  metrics.counter({
    name: 'fechatter_deliveries_total',
    help: 'Events sent to live streams.',
    read: () => hub.passed.deliveries,
  });
  metrics.gauge({
    name: 'fechatter_presence_watched',
    help: 'People whose presence is watched by streams of this process.',
    read: () => streams.presence.figures.watched,
  });
  metrics.gauge({
    name: 'fechatter_presence_leases',
    help: 'People whom this process keeps as connected in the database, until their lease ends.',
    read: () => streams.presence.figures.leased,
  });
  metrics.counter({
    name: 'fechatter_presence_writes_total',
    help: 'Writes of presence: batches of changes, renewals of the lease, and those that failed.',
    label: 'how',
    read: () => {
      const { changes, renewals, failed } = streams.presence.figures.writes;
      return { changes, renewals, failed };
    },
  });
  metrics.counter({
    name: 'fechatter_signals_received_total',
    help: 'Signals received: delivered, of a kind that only a newer build knows, or invalid.',
    label: 'outcome',
    read: () => {
      const { taken, unknown, malformed } = streams.signals();
      return { taken, unknown, malformed };
    },
  });
  metrics.counter({
    name: 'fechatter_signal_deliveries_total',
    help: 'Signals sent to streams.',
    read: () => streams.signals().deliveries,
  });
  metrics.counter({
    name: 'fechatter_signal_work_seconds_total',
    help: 'Time spent on signals: at most a fifth of the time of this process.',
    read: () => streams.signals().workedMs / 1_000,
  });
  metrics.counter({
    name: 'fechatter_signal_payloads_dropped_total',
    help: 'Payloads of signals that were dropped unread, because handling them would exceed a fifth of the time of this process.',
    read: () => streams.signals().droppedPayloads,
  });
  metrics.gauge({
    name: 'fechatter_log_positions_behind',
    help: 'Positions that this instance has not passed on yet.',
    read: async () => {
      const last = (await watch.read())?.lastPos;
      const at = hub.position?.pos;
      return last === undefined || at === undefined ? undefined : Math.max(0, last - at);
    },
  });
  metrics.gauge({
    name: 'fechatter_log_is_fresh',
    help: '1 if the log was read in the last 2 s, otherwise 0: then no content is written.',
    read: () => (streams.isFresh() ? 1 : 0),
  });
  metrics.counter({
    name: 'fechatter_sequencer_steps_total',
    help: 'Steps of numbering: those that numbered rows, those that found nothing, those that another process was ahead of.',
    label: 'outcome',
    read: () => streams.sequencer(),
  });
  metrics.gauge({
    name: 'fechatter_replays_running',
    help: 'Replays that read from the database now.',
    read: () => slots.running,
  });
  metrics.gauge({
    name: 'fechatter_replays_waiting',
    help: 'Replays that wait for a slot.',
    read: () => slots.waiting,
  });
  metrics.counter({
    name: 'fechatter_unreadable_events_total',
    help: 'Events that were shown with placeholders, because a row was missing, unknown or could not be decrypted.',
    read: () => streams.unreadable(),
  });
  metrics.gauge({
    name: 'fechatter_unknown_event_kind',
    help: '1 if the log has a kind of event that only a newer build knows: nothing is delivered any more.',
    read: () => (hub.unknownCode === undefined ? 0 : 1),
  });
  return () => watch.clockOffsetMs;
}
