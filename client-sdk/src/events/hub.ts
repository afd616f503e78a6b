import type { EventCounts, KnownSeqs } from './completeness.ts';
import type { Arrival } from './event.ts';
import { type ConnectionStatus, Line, type LineOptions } from './line.ts';
import type { Listener } from './listener.ts';

/**
 * Shares one connection among all listeners. Who wants events from another place than where it stands gets a second
 * one for a while: at the first place that both pass, its listeners move over and it is closed.
 */
export class EventHub {
  readonly #options: LineOptions;
  readonly #listeners = new Map<Line, Set<Listener>>();
  /** Who wants events from now on while the connection still brings older ones. */
  readonly #waiting = new Set<Listener>();

  constructor(options: LineOptions) {
    this.#options = options;
    options.keeper.onEnd((_, error) => {
      for (const line of Array.from(this.#listeners.keys())) this.#end(line, error === undefined ? {} : { error });
    });
  }

  get counts(): EventCounts {
    return { ...this.#options.counts };
  }

  /** How many connections are open now: one, two for a moment, none without listeners. */
  get connections(): number {
    return this.#listeners.size;
  }

  join(listener: Listener, known?: KnownSeqs): void {
    const { place } = listener;
    const lines = [...this.#listeners.keys()];
    const line = place === undefined ? lines[0] : lines.find((line) => line.place === place);
    listener.isBehind = false;
    if (line === undefined) this.#listeners.set(this.#open(place, known), new Set([listener]));
    else {
      this.#listeners.get(line)?.add(listener);
      if (known !== undefined) line.completeness.expect(known);
      if (place === undefined && !line.wasLive) this.#waiting.add(listener);
      if (line.status === 'live') this.#welcome(listener, line);
      else listener.onStatus(line.status);
    }
  }

  leave(listener: Listener): void {
    this.#waiting.delete(listener);
    for (const [line, listeners] of this.#listeners)
      if (listeners.delete(listener) && listeners.size === 0) this.#close(line);
  }

  /** A slow one: it comes back from its own place when it has handled what it has. */
  #leaveBehind(listener: Listener): void {
    this.leave(listener);
    listener.isBehind = true;
  }

  #open(since: string | undefined, known: KnownSeqs | undefined): Line {
    const line: Line = new Line(this.#options, since, {
      onArrival: (arrival) => this.#hand(line, arrival),
      onStatus: (status) => this.#tell(line, status),
      onEnd: (error) => this.#end(line, { error }),
    });
    if (known !== undefined) line.completeness.expect(known);
    return line;
  }

  #welcome(listener: Listener, line: Line): void {
    listener.onStatus('live');
    const event = { kind: 'ready' as const, cursor: line.place ?? '', resumed: listener.place !== undefined };
    listener.give({ event, token: line.place });
  }

  #hand(line: Line, arrival: Arrival): void {
    for (const listener of this.#listeners.get(line) ?? []) {
      if (this.#waiting.has(listener)) {
        if (arrival.event?.kind !== 'ready') continue;
        this.#waiting.delete(listener);
      }
      listener.give(arrival);
      if (listener.isFull) this.#leaveBehind(listener);
    }
    if (this.#listeners.size > 1) this.#merge(line);
  }

  /** Two that stand at the same place have given the same: the younger one's listeners move to the older one. */
  #merge(line: Line): void {
    const [older, younger] = [...this.#listeners.keys()].filter(
      ({ status, place }) => status === 'live' && place === line.place,
    );
    if (older === undefined || younger === undefined) return;
    for (const listener of this.#listeners.get(younger) ?? []) this.#listeners.get(older)?.add(listener);
    this.#close(younger);
  }

  #close(line: Line): void {
    this.#listeners.delete(line);
    line.stop();
  }

  #tell(line: Line, status: ConnectionStatus): void {
    for (const listener of this.#listeners.get(line) ?? []) listener.onStatus(status);
  }

  #end(line: Line, end: { readonly error?: unknown }): void {
    const listeners = this.#listeners.get(line) ?? [];
    this.#close(line);
    for (const listener of listeners) listener.end(end);
  }
}
