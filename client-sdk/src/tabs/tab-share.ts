import type { HubListener } from '../events/listener.ts';
import { Election } from './election.ts';
import { type FollowRequest, FollowLeader } from './follow-leader.ts';
import { RemoteListener } from './remote-listener.ts';
import { PROTOCOL, type TabCall, type TabMessage } from './tab-messages.ts';
import type { TabChannel, TabPlatform } from './tab-platform.ts';

export interface TabShareOptions {
  readonly platform: TabPlatform;
  /** What identifies the shared stream: the same for the same session and the same service. */
  readonly subject: string;
  readonly inactivityMs: number;
  readonly join: (listener: HubListener) => void;
  readonly leave: (listener: HubListener) => void;
  /** The people whose presence this tab watches. */
  readonly watched: () => readonly string[];
  /** Called when another tab watches other people. */
  readonly onWatched: () => void;
  /** Called when this tab begins or stops having its own connections. */
  readonly onChange: () => void;
}

/** The time that a tab may take to respond, as a divisor of `inactivityMs`. */
const RESPONSE_PART = 9;

/**
 * One stream per browser profile: of the tabs with the same session, the one that holds the lock leads, and sends each
 * follower the events after its position. When the leader ends, the next tab gets the lock, and all continue from their
 * positions: nothing depends on the leader's state.
 */
export class TabShare {
  readonly #options: TabShareOptions;
  readonly #name: string;
  readonly #responseMs: number;
  readonly #calls: TabChannel;
  readonly #election: Election;
  readonly #remotes = new Map<string, RemoteListener>();
  readonly #followed = new Set<FollowLeader>();
  #receivesOthers = false;
  #aliveAtMs = 0;
  #hasOwn = false;

  /** Throws if the browser refuses. */
  constructor(options: TabShareOptions) {
    this.#options = options;
    const { platform, subject, inactivityMs } = options;
    this.#name = `fechatter.events ${PROTOCOL} ${subject}`;
    this.#responseMs = inactivityMs / RESPONSE_PART;
    this.#calls = platform.openChannel(this.#name, (call) => this.#receive(call as TabCall));
    this.#election = new Election({
      platform,
      name: this.#name,
      patienceMs: this.#responseMs,
      onChange: () => this.#turn(),
    });
  }

  /** Whether this tab has its own connections: it leads, or tabs cannot share here. */
  get hasOwn(): boolean {
    return this.#hasOwn;
  }

  /** See {@link FollowLeader.run}. */
  async follow(request: FollowRequest): Promise<void> {
    const { platform, inactivityMs } = this.#options;
    const followed = new FollowLeader(
      {
        platform,
        inactivityMs,
        name: this.#name,
        responseMs: this.#responseMs,
        call: (call) => this.#call(call),
        watched: this.#options.watched,
        onMessage: () => {
          this.#receivesOthers = true;
        },
        depose: () => this.#depose(),
      },
      request,
    );
    this.#followed.add(followed);
    try {
      await followed.run();
    } finally {
      this.#followed.delete(followed);
    }
  }

  /** Sends the watched people to the leader, if another tab leads. */
  sendWatched(): void {
    for (const followed of this.#followed) followed.sendWatched();
  }

  /** The people whose presence the other tabs watch through this one. */
  get watchedByOthers(): readonly string[] {
    return [...this.#remotes.values()].flatMap(({ watched }) => watched);
  }

  /** Something arrived from the service. */
  onActivity(): void {
    const nowMs = performance.now();
    if (this.#election.state !== 'leads' || nowMs - this.#aliveAtMs < this.#options.inactivityMs / 4) return;
    this.#aliveAtMs = nowMs;
    this.#call({ type: 'leads', isNew: false });
    for (const [follower, remote] of this.#remotes)
      if (remote.isGone) this.#forget(follower);
      else remote.send({ type: 'alive' });
  }

  close(): void {
    for (const followed of this.#followed) followed.leave();
    this.#election.close();
    this.#dismissAll();
    this.#calls.close();
  }

  /** After two tabs that cannot reach each other have deposed each other, each works alone. */
  #depose(): void {
    if (this.#election.wasDeposed && !this.#receivesOthers) this.#election.goAlone();
    else this.#election.depose();
  }

  #turn(): void {
    const { state } = this.#election;
    if (state === 'leads') this.#call({ type: 'leads', isNew: true });
    else {
      this.#receivesOthers = false;
      this.#dismissAll();
    }
    const hadOwn = this.#hasOwn;
    this.#hasOwn = state === 'leads' || state === 'alone';
    for (const followed of Array.from(this.#followed)) followed.handOver();
    if (this.#hasOwn !== hadOwn) this.#options.onChange();
  }

  #receive(call: TabCall): void {
    if (call.type === 'leads') {
      this.#election.queueAgain();
      if (call.isNew) for (const followed of Array.from(this.#followed)) followed.handOver();
    }
    if (this.#election.state !== 'leads' || call.type === 'leads') return;
    const { follower } = call;
    const remote = this.#remotes.get(follower);
    if (call.type === 'leave') this.#forget(follower);
    else if (call.type === 'join') this.#admit(follower, call.since);
    else if (remote === undefined) this.#dismiss(follower);
    else if (call.type === 'watch') this.#noteWatched(remote, call.userIds);
    else if (call.type === 'ask') remote.send({ type: 'here' });
    else if (remote.took(call.count)) this.#options.join(remote);
  }

  #admit(follower: string, since: string | undefined): void {
    const { platform, join } = this.#options;
    const remote = new RemoteListener(this.#channelTo(follower), since, () => platform.isVisible());
    this.#remotes.set(follower, remote);
    remote.send({ type: 'here' });
    join(remote);
  }

  #noteWatched(remote: RemoteListener, userIds: readonly string[]): void {
    remote.watched = userIds;
    this.#options.onWatched();
  }

  #forget(follower: string): void {
    const remote = this.#remotes.get(follower);
    if (remote === undefined) return;
    this.#remotes.delete(follower);
    if (remote.watched.length > 0) this.#options.onWatched();
    this.#options.leave(remote);
    remote.end();
  }

  #dismissAll(): void {
    for (const follower of Array.from(this.#remotes.keys())) this.#forget(follower);
  }

  #dismiss(follower: string): void {
    const channel = this.#channelTo(follower);
    channel.send({ type: 'gone' } satisfies TabMessage);
    channel.close();
  }

  #channelTo(follower: string): TabChannel {
    return this.#options.platform.openChannel(`${this.#name} ${follower}`);
  }

  #call(call: TabCall): void {
    if (this.#election.state !== 'closed') this.#calls.send(call);
  }
}
