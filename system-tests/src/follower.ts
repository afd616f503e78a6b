import type { Event } from '@fechatter/client';
import { applyEvent, readChat, readMembers, readState, type State } from '@fechatter/client/state';
import { until } from '@fechatter/testing/until';
import type { Person } from './world.ts';

/** A client that reads its state once and from then on only applies events. */
export interface Follower extends AsyncDisposable {
  readonly state: State;
  /** Waits until everything that was committed before this call is applied. */
  settle(): Promise<void>;
}

/** Reads, then follows. State that an event does not contain (a chat never seen before) is read on demand. */
export async function follower(person: Person): Promise<Follower> {
  const { client } = person;
  const begin = await readState(client);
  let { state } = begin;
  const stop = new AbortController();
  const marks = new Set<string>();
  let failure: unknown;
  const apply = async (event: Event) => {
    if (event.kind === 'reset') throw new Error(`reset: ${event.reason}`);
    const isOther = changesView(state, event);
    const unread = applyEvent(state, event);
    if (isOther) ({ state } = await readState(client));
    if (unread !== undefined && 'chatId' in unread) await readChat(client, state, unread.chatId);
    if (unread?.workspaceId !== undefined) {
      const { workspaceId } = unread;
      state.workspaces.set(workspaceId, await client.workspace.get.query({ workspaceId }));
      await readMembers(client, state, 'workspace', workspaceId);
    }
    if (event.kind === 'user.updated' && event.user.avatarUrl !== null) marks.add(event.user.avatarUrl);
  };
  const following = (async () => {
    for await (const event of client.events({ since: begin.cursor, signal: stop.signal })) await apply(event);
  })().catch((error: unknown) => {
    failure = error;
  });
  let count = 0;
  return {
    get state() {
      return state;
    },
    async settle() {
      count += 1;
      // The log has one order: once this change has arrived, everything before it has.
      const avatarUrl = `https://example.com/${person.id}/${count}`;
      await client.user.update.mutate({ avatarUrl });
      await until(() => {
        if (failure !== undefined) throw failure;
        return marks.has(avatarUrl);
      }, 'everything is applied');
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await following;
    },
  };
}

/** The person becomes a Guest of a workspace, or stops being one: everything is read again. */
function changesView({ workspaces, userId }: State, event: Event): boolean {
  if (event.kind !== 'workspace.memberUpdated' || event.userId !== userId) return false;
  return (workspaces.get(event.workspaceId)?.role === 'Guest') !== (event.role === 'Guest');
}
