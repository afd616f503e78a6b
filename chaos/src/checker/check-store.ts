import type { SavedMessage, Thread } from '@fechatter/client';
import type { Store as ShownStore } from '@fechatter/client/store';
import { type KnownMember, readState } from '@fechatter/client/state';
import { isDeepStrictEqual } from 'node:util';
import { until } from '@fechatter/testing/until';
import type { Device } from '../subscribers/cast.ts';
import type { Findings } from './findings.ts';
import { membershipsOf } from './history.ts';
import { ofGuest } from './check-state.ts';
import type { Store } from '../system/store.ts';
import { readTruth } from './truth.ts';

const SETTLED_MS = 30_000;

/**
 * Compares what apps show from their stores with a fresh read: chats, workspaces, members, and the open part of each
 * timeline. Called when nothing changes any more; a store may still be reading.
 */
export async function checkStores(devices: readonly Device[], store: Store, findings: Findings): Promise<number> {
  let checked = 0;
  for (const device of devices) {
    if (device.user === undefined || device.user.ledger.endReason !== undefined) continue;
    checked += 1;
    let differing: readonly string[] = [];
    const isRight = async () => {
      differing = await differencesOf(device);
      return differing.length === 0;
    };
    const { ledger } = device.user;
    await until(isRight, () => 'the store is right', SETTLED_MS).catch(async (error: unknown) => {
      const truth = await readTruth(store);
      findings.add('state and events differ from a fresh read', `${ledger.name}: the store`, () => [
        ...(differing.length === 0 ? [String(error)] : differing),
        ...membershipsOf(ledger, truth),
        ...ledger.resets.map(({ reason, toPos, atMs }) => `reset ${reason} to ${toPos} at ${Math.round(atMs)} ms`),
      ]);
    });
  }
  return checked;
}

async function differencesOf({ person, user }: Device): Promise<readonly string[]> {
  if (user === undefined) return [];
  const { store } = user;
  const { state } = await readState(person.client);
  const found = [
    ...differing('chat', store.chats.getSnapshot(), [...state.chats.values()]),
    ...differing('workspace', store.workspaces.getSnapshot().map(ofGuest), [...state.workspaces.values()].map(ofGuest)),
  ];
  const { saved } = await person.client.message.saved.query({ limit: 100 });
  const shown = store.saved.getSnapshot().saved.slice(0, saved.length);
  found.push(...differing('saved message', shown.map(keyed), saved.map(keyed)));
  for (const workspaceId of state.workspaces.keys())
    found.push(...(await differingThreads(workspaceId, person, store)));
  for (const chatId of state.chats.keys()) {
    const members = store.members(chatId).getSnapshot() ?? [];
    const truth = [...(state.members.get(chatId)?.values() ?? [])];
    found.push(...differing(`in ${chatId} member`, members.map(withId), truth.map(withId)));
    const pinned = store.pins(chatId).getSnapshot() ?? [];
    const { messages: pins } = await person.client.chat.pins.query({ chatId });
    found.push(...differing(`in ${chatId} pinned message`, pinned, pins));
    const { entries, hasNewer } = store.messages(chatId).getSnapshot();
    const { messages } = await person.client.message.list.query({ chatId, limit: 100 });
    const open = entries.flatMap(({ message }) => message ?? []).slice(-messages.length);
    found.push(...differing(`in ${chatId} message`, open, messages.slice(0, open.length)));
    if (hasNewer) found.push(`what is open of ${chatId} ends before the newest message`);
    if (open.some((message, index) => index > 0 && message.number <= (open[index - 1]?.number ?? 0)))
      found.push(`what is open of ${chatId} is out of order`);
  }
  return found;
}

/** For the threads with the latest replies: compares the list, and the open part of each. */
async function differingThreads(
  workspaceId: string,
  { client }: Device['person'],
  store: ShownStore,
): Promise<string[]> {
  const { threads, nextCursor } = await client.thread.list.query({ workspaceId, limit: 100 });
  const shown = store.threads(workspaceId).getSnapshot() ?? [];
  const first = nextCursor === null ? shown : shown.slice(0, threads.length);
  const found = [...differing('thread', first.map(withRoot), threads.map(withRoot))];
  for (const { root } of threads) {
    const { messages } = await client.message.list.query({ chatId: root.chatId, threadId: root.id, limit: 100 });
    const { entries } = store.thread(root.chatId, root.id).getSnapshot();
    const open = entries.flatMap(({ message }) => message ?? []).slice(-messages.length);
    found.push(...differing(`in thread ${root.id} message`, open, messages.slice(0, open.length)));
    if (open.length === 0 && messages.length > 0) found.push(`nothing is open of thread ${root.id}`);
  }
  return found;
}

interface Identified {
  readonly id: string;
}

/** A line for each record that differs, is missing, or should not be there. */
function differing(what: string, shows: readonly Identified[], are: readonly Identified[]): readonly string[] {
  const shown = new Map(shows.map((record) => [record.id, record]));
  const existing = new Map(are.map((record) => [record.id, record]));
  return [...new Set([...shown.keys(), ...existing.keys()])]
    .filter((id) => !isDeepStrictEqual(shown.get(id), existing.get(id)))
    .map((id) => `${what} ${id} shows ${textOf(shown.get(id))} and is ${textOf(existing.get(id))}`);
}

const keyed = (saved: SavedMessage) => ({ id: saved.message.id, ...saved });
const withRoot = (thread: Thread) => ({ id: thread.root.id, ...thread });
const withId = (member: KnownMember) => ({ id: member.user.id, ...member });
const textOf = (value: unknown): string => JSON.stringify(value)?.slice(0, 1_000) ?? 'nothing';
