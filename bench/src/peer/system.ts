import type { Crowd } from '../fanout/contender.ts';
import type { Subscribers } from '../load/subscribers.ts';

/** A chat system: what it runs, and the Postgres that it stores in. */
export interface System extends AsyncDisposable {
  /** CPU of its processes and of Postgres so far, in ms. */
  cpuMs(): number;
  /** How many messages its archive holds. */
  stored(): Promise<number>;
  /** Makes rooms with people in them, all of whom listen. Person n is in room `n % rooms`. */
  fill(crowd: Crowd): Promise<Rooms>;
}

/** Rooms whose people have their streams in one process. */
export interface Rooms extends AsyncDisposable {
  readonly subscribers: Subscribers;
  /** Has someone in room `mark % rooms` send a message; throws when it is refused. */
  send(mark: number): Promise<void>;
}

/** The number of the one who sends this message: those of a room in turn. */
export function senderOf(mark: number, { subscribers, rooms }: Crowd): number {
  const turn = Math.floor(mark / rooms) % (subscribers / rooms);
  return (mark % rooms) + turn * rooms;
}
