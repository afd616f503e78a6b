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
import { comparePlaces } from './place.ts';
import { HandOver } from '../tabs/follow-leader.ts';
import type { TabShare } from '../tabs/tab-share.ts';
import type { EventTransport, TransportChoice } from './transport-choice.ts';

/**
 * The status of the live connection. `offline`: the platform reports that there is no network, or the service could not
 * be reached three times in a row. `ended`: the connection will not come back by itself.
 */
export type ConnectionStatus = 'connecting' | 'live' | 'reconnecting' | 'offline' | 'ended';

/** Details of a status. */
export interface ConnectionDetails {
  readonly transport: EventTransport;
  /** From the second failure in a row on: why the connection is not live. While polling: why it is not a stream. */
  readonly error: ConnectionError | undefined;
}

export interface ConnectionOptions extends ConnectOptions {
  readonly keeper: SessionKeeper;
  readonly choice: TransportChoice;
  /** Undefined: this tab does not share its connection. */
  readonly tabs?: TabShare | undefined;
  readonly backoff: BackoffOptions;
  /** Whether the person is a Guest of a workspace. */
  readonly isGuest: (workspaceId: string) => Promise<boolean>;
  /** Reports what callbacks of the app throw. */
  readonly report: ErrorReport;
  readonly counts: { -readonly [K in keyof EventCounts]: EventCounts[K] };
}

export interface ConnectionListener {
  onArrival(arrival: Arrival): void;
  onStatus(status: ConnectionStatus, details: ConnectionDetails): void;
  /** Called with an error that another attempt cannot fix; never after {@link Connection.stop}. */
  onEnd(error: unknown): void;
}

const UNREACHABLE_MAX = 3;
/** A single failure means nothing yet, and is not reported. */
const REPORTED_FAILURES = 2;

class GapFound extends Error {}

/** It is a gap, unless the person is a Guest of this workspace. */
class GapSuspected extends GapFound {
  readonly workspaceId: string;
  constructor(workspaceId: string) {
    super();
    this.workspaceId = workspaceId;
  }
}

/** One connection that reopens whenever it breaks, and continues after the last event that it delivered. */
export class Connection {
  readonly gaps: GapDetection;
  /** Whether it has been live: events that it delivers from now on are new. */
  wasLive = false;
  status: ConnectionStatus = 'connecting';
  readonly #options: ConnectionOptions;
  readonly #listener: ConnectionListener;
  readonly #backoff: Backoff;
  readonly #stopped = new AbortController();
  #cut = new AbortController();
  #pause = new AbortController();
  #place: string | undefined;
  /** The cursor where it began, which is also that of a read. */
  #since: string | undefined;
  #unreachable = 0;
  #failures = 0;
  #error: ConnectionError | undefined;
  #isHandedOver = false;
  /** The gap after which it was connected again. */
  #gapIn: string | undefined;
  /** Up to where it had delivered when it went back to close a gap. */
  #through: string | undefined;

  constructor(options: ConnectionOptions, since: string | undefined, listener: ConnectionListener) {
    this.#options = options;
    this.#place = since;
    this.#since = since;
    this.#listener = listener;
    this.#backoff = new Backoff(options.backoff);
    this.gaps = new GapDetection(options.keeper.current?.id);
    void this.#follow();
  }

  /** The cursor up to which everything was delivered. */
  get place(): string | undefined {
    return this.#place;
  }

  get details(): ConnectionDetails {
    const { choice } = this.#options;
    const isReported = this.status !== 'live' && this.#failures >= REPORTED_FAILURES;
    return { transport: choice.transport, error: isReported ? this.#error : choice.reason };
  }

  stop(): void {
    this.#stopped.abort();
    this.#cut.abort();
    this.#pause.abort();
  }

  /** Switches at once between a stream of its own and that of the leading tab. */
  handOver(): void {
    this.#isHandedOver = true;
    this.#cut.abort();
    this.#pause.abort();
  }

  async #follow(): Promise<void> {
    // Whether the connection survived the loss of the network is unknown; reopening it loses nothing.
    const stopListening = onNetwork('offline', () => this.#cut.abort());
    try {
      while (!this.#stopped.signal.aborted) {
        const error = await this.#connect();
        if (this.#stopped.signal.aborted) return;
        if (error instanceof HandOver) continue;
        this.#setStatus(this.#isOffline() ? 'offline' : 'reconnecting');
        if (error instanceof GapSuspected) await this.#learn(error.workspaceId);
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

  /** Asks for the role in a workspace; if that is refused, the person counts as a member. */
  async #learn(workspaceId: string): Promise<void> {
    const isGuest = await this.#options.isGuest(workspaceId).catch(() => false);
    this.gaps.learn(workspaceId, isGuest);
  }

  /** Returns the error that broke the connection; throws an error that another attempt cannot fix. */
  async #connect(): Promise<unknown> {
    const { keeper, choice, tabs } = this.#options;
    const { transport } = choice;
    let token: string | undefined;
    this.#cut = new AbortController();
    this.#isHandedOver = false;
    const request = { since: this.#place, signal: this.#cut.signal, onActivity: () => tabs?.onActivity() };
    const freshToken = async () => (token = await keeper.token());
    const onArrival = (arrival: Arrival) => this.#take(arrival, transport);
    const onStatus = (status: ConnectionStatus, details: ConnectionDetails) => this.#adopt(status, details);
    try {
      if (tabs?.hasOwn === false) await tabs.follow({ ...request, onArrival, onStatus });
      else if (transport === 'polling') await poll(this.#options, { ...request, token: freshToken }, onArrival);
      else await connect(this.#options, { ...request, token: await freshToken() }, onArrival);
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

  /** Takes over the status of the leading tab's connection. This one is live as soon as `ready` has arrived. */
  #adopt(status: ConnectionStatus, details: ConnectionDetails): void {
    this.#options.choice.adopt(details);
    if (status === 'reconnecting' || status === 'offline') {
      this.#error = details.error;
      this.#failures = details.error === undefined ? 0 : REPORTED_FAILURES;
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
        this.#through = undefined;
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

  /** Checks whether an event is the next one; throws at a gap that reconnecting may close. */
  #isNext(event: Event, token: string | undefined): boolean {
    const { counts } = this.#options;
    const verdict = this.gaps.check(event);
    if (verdict === 'duplicate' || this.#isOwnAgain(event, token)) {
      // Events that repeat because a gap is being closed are expected.
      if (this.#gapIn === undefined) counts.duplicate += 1;
      return false;
    }
    const audience = 'chatId' in event ? event.chatId : 'workspaceId' in event ? event.workspaceId : undefined;
    if (verdict === 'unsure') {
      this.#goBack(event);
      throw new GapSuspected('workspaceId' in event ? (event.workspaceId ?? '') : '');
    }
    if (verdict === 'gap') {
      if (this.#gapIn === undefined) {
        counts.gap += 1;
        this.#gapIn = audience;
        this.#goBack(event);
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

  /** Pings and events of other chats have moved the cursor past the missing events. */
  #goBack(event: Event): void {
    const order = comparePlaces(this.#through, this.#place);
    if (order === undefined || order < 0) this.#through = this.#place;
    this.#place = this.gaps.placeBefore(event) ?? this.#since;
  }

  /** Whether an event for this person alone, which has no seq, was delivered before the connection went back. */
  #isOwnAgain(event: Event, token: string | undefined): boolean {
    if (this.#through === undefined || this.gaps.counts(event)) return false;
    const order = comparePlaces(token, this.#through);
    return order !== undefined && order <= 0;
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
