import { reasonOf } from '@fechatter/client';
import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '@fechatter/testing/chance';
import type { System } from '../system/system.ts';
import { live } from './choices.ts';
import { hostileTexts } from './hostile-texts.ts';
import type { Person } from './people.ts';
import type { Scene } from './scene.ts';

const BATCH_CALLS = 20;
const STREAMS_AT_ONCE = 10;
const STREAM_MS = 200;

/** The means of a hostile member: an account and a membership like any other, and their own group. */
interface Harm {
  readonly system: System;
  readonly scene: Scene;
  readonly chance: Chance;
  readonly person: Person;
  readonly groupId: string;
  readonly signal: AbortSignal;
  /** Their messages, to be edited. */
  readonly sent: { readonly chatId: string; readonly messageId: string }[];
}

type Attack = (harm: Harm) => Promise<unknown>;

const channelOf = ({ scene, chance }: Harm): string | undefined => {
  const { id } = scene.workspaces[0] ?? {};
  return chance.pickIfAny(live(scene).filter((chat) => chat.chatType === 'PublicChannel' && chat.workspaceId === id))
    ?.id;
};
const textOf = ({ chance }: Harm) => `chaos ${chance.below(1_000_000)} ${chance.pick(hostileTexts)}`;

const comeAndGo: Attack = async (harm) => {
  const chatId = channelOf(harm);
  if (chatId === undefined) return;
  await harm.person.client.chat.join.mutate({ chatId });
  await harm.person.client.chat.leave.mutate({ chatId });
};

/** Gives other people memberships that they did not ask for. */
const addAndRemove: Attack = async ({ scene, chance, person: { client }, groupId: chatId }) => {
  const victims = [...(scene.workspaces[0]?.members ?? [])].map(({ id }) => id);
  await client.chat.addMembers.mutate({ chatId, userIds: victims });
  await client.chat.removeMember.mutate({ chatId, userId: chance.pick(victims) });
};

const sendLong: Attack = async (harm) => {
  const chatId = harm.groupId;
  const { id: messageId } = await harm.person.client.message.send.mutate({ chatId, content: textOf(harm) });
  harm.sent.push({ chatId, messageId });
};

const editLong: Attack = async (harm) => {
  const message = harm.chance.pickIfAny(harm.sent);
  if (message !== undefined) await harm.person.client.message.edit.mutate({ ...message, content: textOf(harm) });
};

const changeProfile: Attack = ({ chance, person: { name, client } }) =>
  client.user.update.mutate({ fullName: `${name} the ${chance.below(1_000)}th` });

/** Opens streams, from an invalid position and from now, and drops them before or while they are read. */
const dropStreams: Attack = async ({ system, chance, person, signal }) => {
  const open = async () => {
    const since = chance.hits(0.5) ? '?last_event_id=AAAAAAAAAAAAAAAAAA' : '';
    const response = await fetch(`${chance.pick(system.notifies).url}/api/notifications/events${since}`, {
      headers: { authorization: `Bearer ${person.client.session?.token ?? ''}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(1 + chance.below(STREAM_MS))]),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    // Until it is dropped.
    await response.text().catch(() => {});
  };
  const opened = await Promise.allSettled(Array.from({ length: STREAMS_AT_ONCE }, open));
  if (opened.every(({ status }) => status === 'rejected')) throw new Error('no stream was opened');
};

/** As many calls at once as allowed, whose responses are never read. */
const batch: Attack = async ({ system, chance, person, groupId, signal }) => {
  const calls = Array.from({ length: BATCH_CALLS }, () => 'message.list').join(',');
  const input = Array.from({ length: BATCH_CALLS }, (_, n) => [n, { json: { chatId: groupId, limit: 100 } }]);
  const query = new URLSearchParams({ batch: '1', input: JSON.stringify(Object.fromEntries(input)) });
  const response = await fetch(`${chance.pick(system.servers).url}/trpc/${calls}?${query}`, {
    headers: { authorization: `Bearer ${person.client.session?.token ?? ''}` },
    signal,
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`status ${response.status}`);
};

const attacks = { comeAndGo, addAndRemove, sendLong, editLong, changeProfile, dropStreams, batch };
type AttackName = keyof typeof attacks;
/** The relative frequency of each attack. */
const weights: Readonly<Record<AttackName, number>> = {
  comeAndGo: 30,
  addAndRemove: 14,
  sendLong: 8,
  editLong: 12,
  changeProfile: 6,
  dropStreams: 8,
  batch: 8,
};
const deck = (Object.keys(weights) as AttackName[]).flatMap((name) =>
  Array.from({ length: weights[name] }, () => name),
);

/** How often each attack was allowed; all others were refused or failed. */
export type HarmDone = ReadonlyMap<string, number>;

/**
 * Runs attacks one after the other, this many at a time, whatever the responses; reports errors that neither a limit
 * nor a fault explains.
 */
export async function doHarm(
  system: System,
  scene: Scene,
  chance: Chance,
  { concurrency, pauseMs }: { readonly concurrency: number; readonly pauseMs: number },
  signal: AbortSignal,
): Promise<HarmDone> {
  const done = new Map<string, number>(Object.keys(attacks).map((name) => [name, 0]));
  const attack = async (person: Person, groupId: string, own: Chance) => {
    const harm: Harm = { system, scene, chance: own, person, groupId, signal, sent: [] };
    while (!signal.aborted) {
      const name = own.pick(deck);
      try {
        await attacks[name](harm);
        done.set(name, (done.get(name) ?? 0) + 1);
      } catch (error) {
        if (reasonOf(error) === 'internal') scene.tally.internal.push(`a hostile member, ${name}: ${String(error)}`);
      }
      await wait(own.below(2 * pauseMs + 1));
    }
  };
  await Promise.all(
    scene.hostile.flatMap(({ person, groupId }) =>
      Array.from({ length: concurrency }, () => attack(person, groupId, chance.fork())),
    ),
  );
  return done;
}
