import type { Crowd } from '../fanout/contender.ts';
import type { Subscribers } from '../load/subscribers.ts';

/** A chat system: its processes, and the Postgres that stores its messages. */
export interface System extends AsyncDisposable {
  /** The CPU time of its processes and of Postgres so far, in ms. */
  cpuMs(): number;
  /** How many messages its archive holds. */
  stored(): Promise<number>;
  /** Makes rooms with connected people. Person n is in room `n % rooms`. */
  fill(crowd: Crowd): Promise<Rooms>;
}

/** Rooms whose people's streams are all in one process. */
export interface Rooms extends AsyncDisposable {
  readonly subscribers: Subscribers;
  /** Has someone in room `mark % rooms` send a message; throws when it is refused. */
  send(mark: number): Promise<void>;
}

/** The number of the person who sends this message: the people of a room take turns. */
export function senderOf(mark: number, { subscribers, rooms }: Crowd): number {
  const turn = Math.floor(mark / rooms) % (subscribers / rooms);
  return (mark % rooms) + turn * rooms;
}
