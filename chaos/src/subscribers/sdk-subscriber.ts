import type { Event, FechatterClient } from '@fechatter/client';
import { applyEvent, readChat, readMembers, readState, type State } from '@fechatter/client/state';
import { reasonOf } from '@fechatter/client';
import { setTimeout as wait } from 'node:timers/promises';
import { Ledger } from './ledger.ts';
import type { CallTally } from '../writers/retry.ts';
import { repeatCall } from '../writers/retry.ts';
import { endReasonOf, type Subscriber, type SubscriberOptions } from './subscriber.ts';

/** A client that reads its state once and from then on (until a reset) only applies events. */
export interface Follower extends Subscriber {
  readonly client: FechatterClient;
  readonly state: () => State;
  /** The error that stopped it, if any. */
  readonly failure: () => unknown;
}

export interface FollowerOptions extends Omit<SubscriberOptions, 'bearer'> {
  /** Signed in, with its own stream. */
  readonly client: FechatterClient;
  readonly instanceOf: () => number;
  readonly tally: CallTally;
}

const READ_MS = 60_000;

/** Follows through the SDK. State that an event does not carry (a chat never seen before) is read on demand. */
export async function sdkFollower(options: FollowerOptions): Promise<Follower> {
  const { client, tally, instanceOf } = options;
  const ledger = new Ledger(options.name, 'sdk', options, options.intake);
  const stop = new AbortController();
  let failure: unknown;

  /** A read that is repeated until no fault prevents it; undefined if there is nothing (any more) to read. */
  const read = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    // Events that arrive during a read are recorded late, so their times are not checked.
    const end = ledger.slow.begin();
    const outcome = await repeatCall(tally, work, READ_MS, 'a follower’s read').finally(end);
    if (outcome.is === 'unknown') throw new Error('a read had no response within 60 s');
    if (outcome.is === 'refused' && endReasonOf(outcome.reason)) throw new Error(outcome.reason);
    return outcome.is === 'done' ? outcome.value : undefined;
  };
  /** A person who is removed during a read is refused in the middle of it: then everything is read again. */
  const fresh = async () => {
    for (;;) {
      const found = await read(() => readState(client));
      if (found !== undefined) return found;
      await wait(50);
    }
  };
  const begin = await fresh();
  let { state } = begin;
  ledger.beginAt(begin.cursor);

  const apply = async (event: Event): Promise<void> => {
    const isOther = changesView(state, event);
    const unread = applyEvent(state, event);
    if (isOther) ({ state } = await fresh());
    else if (unread !== undefined) {
      if ('chatId' in unread) await read(() => readChat(client, state, unread.chatId));
      const { workspaceId } = unread;
      if (workspaceId === undefined) return;
      await read(async () => {
        state.workspaces.set(workspaceId, await client.workspace.get.query({ workspaceId }));
        await readMembers(client, state, 'workspace', workspaceId);
      });
    }
  };
  const follow = async () => {
    const stream = client.events({ since: begin.cursor, signal: stop.signal });
    for await (const event of stream) {
      if (event.kind === 'reset' && event.reason === 'gap') ledger.gapsAtPos.push(ledger.reachedPos);
      else ledger.take(event as Parameters<Ledger['take']>[0], stream.cursor ?? '', instanceOf());
      if (event.kind === 'reset') ({ state } = await fresh());
      else await apply(event);
    }
  };
  const running = follow().catch((error: unknown) => {
    const reason = endReasonOf(reasonOf(error)) ?? endReasonOf(error instanceof Error ? error.message : undefined);
    if (reason !== undefined) ledger.end(reason);
    else failure = error;
  });
  return {
    ledger,
    client,
    state: () => state,
    failure: () => failure,
    async stop() {
      stop.abort();
      await running;
    },
  };
}

/** The follower becomes a Guest of a workspace, or stops being one: everything is read again. */
function changesView({ workspaces, userId }: State, event: Event): boolean {
  if (event.kind !== 'workspace.memberUpdated' || event.userId !== userId) return false;
  const before = workspaces.get(event.workspaceId)?.role;
  return before !== undefined && (before === 'Guest') !== (event.role === 'Guest');
}
