import { reasonOf } from '../errors.ts';
import type { ErrorReport } from '../report-error.ts';
import type { SessionKeeper } from '../session/session-keeper.ts';
import { Backoff, type BackoffOptions } from './backoff.ts';
import { GapDetection, type EventCounts } from './gap-detection.ts';
import { type ConnectOptions, connect } from './connect.ts';
import { ConnectionError } from './connection-error.ts';
import { type Arrival, type Event, isSignal } from './event.ts';
import { hasNetwork, onNetwork } from './network.ts';
import { poll } from './poll.ts';
import { HandOver } from '../tabs/follow-leader.ts';
import type { TabShare } from '../tabs/tab-share.ts';
import type { EventTransport, TransportChoice } from './transport-choice.ts';

/**
 * How it stands with the live connection. `offline`: the platform says that there is no network, or the service could
 * not be reached three times in a row. `ended`: it will not come back by itself.
 */
export type ConnectionStatus = 'connecting' | 'live' | 'reconnecting' | 'offline' | 'ended';

/** What there is to say of a status. */
export interface ConnectionDetails {
  readonly transport: EventTransport;
  /** Since the second failure in a row: why it is not live. While polling: why it is no stream. */
  readonly error: ConnectionError | undefined;
}

export interface ConnectionOptions extends ConnectOptions {
  readonly keeper: SessionKeeper;
  readonly choice: TransportChoice;
  /** Undefined: this tab shares with no other. */
  readonly tabs?: TabShare | undefined;
  readonly backoff: BackoffOptions;
  /** Where what callbacks of the app throw goes. */
  readonly report: ErrorReport;
  readonly counts: { -readonly [K in keyof EventCounts]: EventCounts[K] };
}

export interface ConnectionListener {
  onArrival(arrival: Arrival): void;
  onStatus(status: ConnectionStatus, details: ConnectionDetails): void;
  /** Not after {@link Connection.stop}. With what another try cannot mend. */
  onEnd(error: unknown): void;
}

const UNREACHABLE_MAX = 3;
/** A single failure says nothing. */
const TOLD_FAILURES = 2;

class GapFound extends Error {}

/** One connection that is opened again whenever it breaks, and continues behind the last event that it has given. */
export class Connection {
  readonly gaps: GapDetection;
  /** Whether it was live before: what it gives from now on is new. */
  wasLive = false;
  status: ConnectionStatus = 'connecting';
  readonly #options: ConnectionOptions;
  readonly #listener: ConnectionListener;
  readonly #backoff: Backoff;
  readonly #stopped = new AbortController();
  #cut = new AbortController();
  #pause = new AbortController();
  #place: string | undefined;
  /** Where it began, and a read with it. */
  #since: string | undefined;
  #unreachable = 0;
  #failures = 0;
  #error: ConnectionError | undefined;
  #isHandedOver = false;
  /** The gap after which it was connected again. */
  #gapIn: string | undefined;

  constructor(options: ConnectionOptions, since: string | undefined, listener: ConnectionListener) {
    this.#options = options;
    this.#place = since;
    this.#since = since;
    this.#listener = listener;
    this.#backoff = new Backoff(options.backoff);
    this.gaps = new GapDetection(options.keeper.current?.id);
    void this.#follow();
  }

  /** The token of the place up to which everything was given. */
  get place(): string | undefined {
    return this.#place;
  }

  get details(): ConnectionDetails {
    const { choice } = this.#options;
    const isTold = this.status !== 'live' && this.#failures >= TOLD_FAILURES;
    return { transport: choice.transport, error: isTold ? this.#error : choice.reason };
  }

  stop(): void {
    this.#stopped.abort();
    this.#cut.abort();
    this.#pause.abort();
  }

  /** From a stream of its own to the leading tab's, or back, at once. */
  handOver(): void {
    this.#isHandedOver = true;
    this.#cut.abort();
    this.#pause.abort();
  }

  async #follow(): Promise<void> {
    // Whether a connection outlives the network's going is not knowable; opening it again loses nothing.
    const stopListening = onNetwork('offline', () => this.#cut.abort());
    try {
      while (!this.#stopped.signal.aborted) {
        const error = await this.#connect();
        if (this.#stopped.signal.aborted) return;
        if (error instanceof HandOver) continue;
        this.#setStatus(this.#isOffline() ? 'offline' : 'reconnecting');
        if (error instanceof GapFound) continue;
        this.#pause = new AbortController();
        await this.#backoff.pause(this.#pause.signal);
      }
    } catch (error) {
      if (!this.#stopped.signal.aborted) this.#listener.onEnd(error);
    } finally {
      stopListening();
    }
  }

  /** Returns what broke it; throws what another try cannot mend. */
  async #connect(): Promise<unknown> {
    const { keeper, choice, tabs } = this.#options;
    const { transport } = choice;
    let token: string | undefined;
    this.#cut = new AbortController();
    this.#isHandedOver = false;
    const asked = { since: this.#place, signal: this.#cut.signal, onActivity: () => tabs?.onActivity() };
    const freshToken = async () => (token = await keeper.token());
    const onArrival = (arrival: Arrival) => this.#take(arrival, transport);
    const onStatus = (status: ConnectionStatus, details: ConnectionDetails) => this.#hearOf(status, details);
    try {
      if (tabs?.hasOwn === false) await tabs.follow({ ...asked, onArrival, onStatus });
      else if (transport === 'polling') await poll(this.#options, { ...asked, token: freshToken }, onArrival);
      else await connect(this.#options, { ...asked, token: await freshToken() }, onArrival);
      return undefined;
    } catch (error) {
      if (this.#stopped.signal.aborted || error instanceof GapFound || error instanceof HandOver) return error;
      if (this.#isHandedOver) return new HandOver();
      this.#note(error);
      choice.failed(transport, error);
      const reason = reasonOf(error);
      if (reason === 'session_revoked') await keeper.end(reason, error);
      if (keeper.current === null) throw error;
      if (reason === 'token_expired' || reason === 'token_invalid')
        await keeper.refreshRefused(token ?? '').catch(() => {});
      return error;
    }
  }

  /** How it stands with the leading tab's connection. This one is live when `ready` has come. */
  #hearOf(status: ConnectionStatus, details: ConnectionDetails): void {
    this.#options.choice.adopt(details);
    if (status === 'reconnecting' || status === 'offline') {
      this.#error = details.error;
      this.#failures = details.error === undefined ? 0 : TOLD_FAILURES;
      this.#setStatus(status);
    } else if (status === 'live' && this.status === 'live') this.#setStatus(status);
  }

  #note(error: unknown): void {
    this.#failures += 1;
    const refusal = reasonOf(error);
    if (error instanceof ConnectionError) this.#error = error;
    else if (refusal !== undefined)
      this.#error = new ConnectionError('refused', `the service refuses: ${refusal}`, { refusal, cause: error });
    const isAway = error instanceof ConnectionError && (error.reason === 'unreachable' || error.reason === 'no_answer');
    this.#unreachable = isAway ? this.#unreachable + 1 : 0;
  }

  #take({ event, token = this.#place }: Arrival, transport: EventTransport): void {
    if (this.#stopped.signal.aborted) return;
    if (event === undefined) return this.#give({ token });
    switch (event.kind) {
      case 'reset':
        this.gaps.forget();
        this.#gapIn = undefined;
        this.#since = event.cursor;
        return this.#give({ event, token: event.cursor });
      case 'ready':
        this.#unreachable = 0;
        this.#failures = 0;
        this.#options.choice.worked(transport);
        this.#backoff.reset();
        this.wasLive = true;
        this.#since ??= event.cursor;
        this.#setStatus('live');
        return this.#give({ event, token: event.cursor });
      default:
        if (isSignal(event) || this.#isNext(event, token)) this.#give({ event, token });
    }
  }

  /** Judges an event; throws at a gap that connecting again may heal. */
  #isNext(event: Event, token: string | undefined): boolean {
    const { counts } = this.#options;
    const verdict = this.gaps.judge(event);
    if (verdict === 'duplicate') {
      // What comes again because a gap is being healed is no surprise.
      if (this.#gapIn === undefined) counts.duplicate += 1;
      return false;
    }
    const audience = 'chatId' in event ? event.chatId : 'workspaceId' in event ? event.workspaceId : undefined;
    if (verdict === 'gap') {
      if (this.#gapIn === undefined) {
        counts.gap += 1;
        this.#gapIn = audience;
        // Pings and other chats have moved the place beyond what is missing.
        this.#place = this.gaps.placeBefore(event) ?? this.#since;
        throw new GapFound();
      }
      this.gaps.forget();
      this.#gapIn = undefined;
      this.#give({ event: { kind: 'reset', cursor: this.#place ?? '', reason: 'gap' }, token: this.#place });
    } else if (this.#gapIn !== undefined && this.#gapIn === audience) {
      counts.healed += 1;
      this.#gapIn = undefined;
    }
    counts.applied += 1;
    this.gaps.note(event, token);
    return true;
  }

  #give(arrival: Arrival): void {
    this.#place = arrival.token;
    this.#listener.onArrival(arrival);
  }

  #isOffline(): boolean {
    return !hasNetwork() || this.#unreachable >= UNREACHABLE_MAX;
  }

  #setStatus(status: ConnectionStatus): void {
    this.status = status;
    this.#listener.onStatus(status, this.details);
  }
}
