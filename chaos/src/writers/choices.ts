import type { Chance } from '@fechatter/testing/chance';
import type { Person } from './people.ts';
import { repeatCall } from './retry.ts';
import type { Scene, SceneChat } from './scene.ts';

const CALL_MS = 30_000;
/** An action of a person. */
export type Move = (scene: Scene, chance: Chance) => Promise<void>;

/** People who are not suspended. */
export const able = ({ people, suspended }: Scene) => people.filter((person) => !suspended.has(person));
/** Chats that were not deleted. */
export const live = ({ chats }: Scene) => chats.filter(({ isDeleted }) => !isDeleted);
/** What a call finally returned; undefined if it was refused or had no response. */
export const call = async <T>({ tally }: Scene, path: string, work: () => Promise<T>) => {
  const outcome = await repeatCall(tally, work, CALL_MS, path);
  return outcome.is === 'done' ? outcome.value : undefined;
};
/** Mostly a member of the chat; sometimes anyone. */
export const someoneIn = (scene: Scene, chance: Chance, { members }: { readonly members: ReadonlySet<Person> }) => {
  const inside = [...members].filter((person) => !scene.suspended.has(person));
  return inside.length > 0 && chance.hits(0.94) ? chance.pick(inside) : chance.pick(able(scene));
};
/** The two largest chats get a third of all messages, so that several writers contend for a head. */
export const someChat = (scene: Scene, chance: Chance): SceneChat => {
  const all = live(scene);
  return chance.hits(0.34) ? (all[chance.below(Math.min(2, all.length))] ?? chance.pick(all)) : chance.pick(all);
};
/** People whom others may invite: rarely Guests, so that most people stay invisible to them. */
export const meeting = ({ guests }: Scene, chance: Chance, people: readonly Person[]): readonly Person[] =>
  people.filter((person) => !guests.has(person) || chance.hits(0.05));
/** A recent message of a chat, to be quoted; sometimes one that was deleted. */
export const quotable = ({ sent }: Scene, chance: Chance, { id }: { readonly id: string }): string | undefined => {
  const recent = sent.slice(-300).filter(({ acked, chatId }) => acked !== undefined && chatId === id);
  return chance.pickIfAny(recent)?.acked?.id;
};
/** A recent message that was acknowledged and not deleted. */
export const sentIn = ({ sent }: Scene, chance: Chance) => {
  const recent = sent.slice(-300).filter(({ acked, isDeleted }) => acked !== undefined && !isDeleted);
  return recent.length === 0 ? undefined : chance.pick(recent);
};
