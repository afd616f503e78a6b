import type { ChatRow, Message, SavedMessage, Thread } from '@fechatter/client';
import { createStore, type Store } from '@fechatter/client/store';
import { until } from '@fechatter/testing/until';
import { isDeepStrictEqual } from 'node:util';
import type { Person } from './world.ts';

/** Messages of chats, replies of threads, pins, threads, emoji and saved messages, by what they belong to. */
interface Picture {
  readonly messages: Readonly<Record<string, readonly Message[]>>;
  readonly pins: Readonly<Record<string, readonly Message[]>>;
  readonly threads: Readonly<Record<string, readonly Thread[]>>;
  /** The pictures by names. */
  readonly emoji: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly saved: readonly SavedMessage[];
}

/** An app that shows everything from a store, which read once and from then on only applies events. */
export interface Screen extends AsyncDisposable {
  readonly person: Person;
  /**
   * What a fresh read shows of the chats that have changed since the last call, and what the screen shows of them as soon as it
   * is the same, or after a while.
   */
  compare(): Promise<{ readonly shown: Picture; readonly read: Picture }>;
}

const LIMIT = 100;
const SHOWN_MS = 60_000;

/**
 * Without the pictures of people: the followers mark their progress with them, and those of people who have left a workspace
 * are not announced there.
 */
const withoutPictures = (picture: Picture): Picture =>
  JSON.parse(JSON.stringify(picture, (key, value: unknown) => (key === 'avatarUrl' ? null : value))) as Picture;

export async function screenOf(person: Person): Promise<Screen> {
  const { client } = person;
  const store = createStore(client, { pageSize: LIMIT });
  watchAll(store);
  await store.ready;
  const compared = new Map<string, number>();

  /** Only own events change a chat without raising its seq, and none of them changes its messages. */
  const changedChats = async (): Promise<readonly ChatRow[]> => {
    const { chats } = await client.chat.list.query({ limit: LIMIT });
    const changed = chats.filter(({ id, lastSeq }) => compared.get(id) !== lastSeq);
    for (const { id, lastSeq } of changed) compared.set(id, lastSeq);
    return changed;
  };
  const read = async (): Promise<Picture> => {
    const chats = await changedChats();
    const picture = {
      messages: {} as Record<string, Message[]>,
      pins: {} as Record<string, Message[]>,
      threads: {} as Record<string, Thread[]>,
      emoji: {} as Record<string, Record<string, string>>,
    };
    for (const { id: chatId } of chats) {
      picture.messages[chatId] = (await client.message.list.query({ chatId, limit: LIMIT })).messages.toReversed();
      picture.pins[chatId] = (await client.chat.pins.query({ chatId })).messages;
    }
    for (const { id: workspaceId } of (await client.workspace.list.query()).workspaces) {
      const { threads } = await client.thread.list.query({ workspaceId, limit: LIMIT });
      picture.threads[workspaceId] = threads;
      const { emoji } = await client.emoji.list.query({ workspaceId });
      picture.emoji[workspaceId] = Object.fromEntries(emoji.map(({ name, fileId }) => [name, fileId]));
      for (const { root } of threads.filter(({ root: { chatId } }) => chats.some(({ id }) => id === chatId))) {
        const ofThread = { chatId: root.chatId, threadId: root.id, limit: LIMIT };
        picture.messages[`${root.chatId} ${root.id}`] = (
          await client.message.list.query(ofThread)
        ).messages.toReversed();
      }
    }
    return withoutPictures({ ...picture, saved: (await client.message.saved.query({ limit: LIMIT })).saved });
  };
  const shownOf = (found: Picture): Picture =>
    withoutPictures({
      messages: byKey(found.messages, (key) => {
        const [chatId = '', rootId] = key.split(' ');
        const history = rootId === undefined ? store.messages(chatId) : store.thread(chatId, rootId);
        return history.getSnapshot().entries.flatMap(({ message }) => message ?? []);
      }),
      pins: byKey(found.pins, (chatId) => store.pins(chatId).getSnapshot() ?? []),
      threads: byKey(found.threads, (workspaceId) => store.threads(workspaceId).getSnapshot() ?? []),
      emoji: byKey(found.emoji, (workspaceId) => Object.fromEntries(store.emoji(workspaceId).getSnapshot() ?? [])),
      saved: store.saved.getSnapshot().saved,
    });
  return {
    person,
    async compare() {
      const found = await read();
      await until(() => isDeepStrictEqual(shownOf(found), found), 'the screen shows what a read shows', SHOWN_MS).catch(
        () => {},
      );
      return { shown: shownOf(found), read: found };
    },
    async [Symbol.asyncDispose]() {
      store.close();
    },
  };
}

const byKey = <T>(record: Readonly<Record<string, unknown>>, valueOf: (key: string) => T): Record<string, T> =>
  Object.fromEntries(Object.keys(record).map((key) => [key, valueOf(key)]));

const ignore = () => {};

/** Opens every history, thread and list, and those that come later. */
function watchAll(store: Store): void {
  const watched = new Set<string>();
  const once = (id: string, watch: () => void) => {
    if (watched.has(id)) return;
    watched.add(id);
    watch();
  };
  const watchChats = () => {
    for (const { id } of store.chats.getSnapshot())
      once(id, () => {
        store.messages(id).subscribe(ignore);
        store.pins(id).subscribe(ignore);
      });
  };
  const watchThreads = (workspaceId: string) => () => {
    for (const { root } of store.threads(workspaceId).getSnapshot() ?? [])
      once(root.id, () => store.thread(root.chatId, root.id).subscribe(ignore));
  };
  const watchWorkspaces = () => {
    for (const { id } of store.workspaces.getSnapshot())
      once(id, () => {
        store.emoji(id).subscribe(ignore);
        store.threads(id).subscribe(watchThreads(id));
        watchThreads(id)();
      });
  };
  store.saved.subscribe(ignore);
  store.chats.subscribe(watchChats);
  store.workspaces.subscribe(watchWorkspaces);
  watchChats();
  watchWorkspaces();
}
