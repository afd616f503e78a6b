import { expect, test } from 'vitest';
import { type Chance, chanceOf, shuffled } from '@fechatter/testing/chance';
import { Versioned } from './versioned.ts';

/**
 * A noun for tests: a text, two parts that can change alone, one of which is left out while it is empty, and one with
 * its own version.
 */
interface Card {
  readonly id: string;
  readonly version: number;
  readonly text: string;
  readonly colour?: string;
  readonly votes: readonly string[];
  readonly pin?: number;
  readonly replies: { readonly version: number; readonly count: number };
}

const cards = new Versioned<Card, 'votes' | 'pin' | 'replies'>({
  version: 'version',
  parts: {
    votes: { keys: ['votes'] },
    pin: { keys: ['pin'] },
    replies: { keys: ['replies'], version: ({ replies }) => replies.version },
  },
});

type Arrival = (known: Card) => Card;

/** Random changes of a card, and its events: each shows the state at delivery. */
function history(chance: Chance): { readonly cards: readonly Card[]; readonly arrivals: readonly Arrival[] } {
  const all: Card[] = [{ id: 'a', version: 1, text: 'one', votes: [], replies: { version: 0, count: 0 } }];
  const changes: { readonly index: number; readonly seq: number; readonly kind: number }[] = [];
  for (let seq = 2; seq < 12; seq += 1) {
    const { pin, colour, ...last } = all[all.length - 1] as Card;
    const kind = chance.below(5);
    const rest = { ...(pin !== undefined && { pin }), ...(colour !== undefined && { colour }) };
    if (kind === 0) all.push({ ...last, ...rest, version: seq, text: `text ${seq}` });
    if (kind === 1) all.push({ ...last, ...rest, version: seq, votes: [...last.votes, `vote ${seq}`] });
    if (kind === 2) all.push({ ...last, ...rest, version: seq, ...(pin === undefined ? { pin: seq } : { pin: -seq }) });
    if (kind === 3) all.push({ ...last, ...rest, replies: { version: seq, count: last.replies.count + 1 } });
    if (kind === 4)
      all.push({
        ...last,
        ...(pin !== undefined && { pin }),
        version: seq,
        ...(colour === undefined && { colour: 'red' }),
      });
    changes.push({ index: all.length - 1, seq, kind });
  }
  const at = (index: number) => all[index + chance.below(all.length - index)] as Card;
  const arrivals = changes.map(({ index, seq, kind }): Arrival => {
    const { votes, pin, replies, ...rest } = at(index);
    if (kind === 1) return (known) => cards.part(known, 'votes', seq, { votes });
    if (kind === 2) return (known) => cards.part(known, 'pin', seq, pin === undefined ? {} : { pin });
    if (kind === 3) return (known) => cards.part(known, 'replies', replies.version, { replies });
    const whole = { ...rest, votes, replies, ...(pin !== undefined && { pin }) };
    return (known) => cards.whole(known, whole);
  });
  return { cards: all, arrivals };
}

test('any order and repetition of events and reads results in the state of a fresh read', () => {
  for (let seed = 1; seed <= 500; seed += 1) {
    const chance = chanceOf(seed);
    const { cards: moments, arrivals } = history(chance);
    const read = (): Arrival => {
      const moment = chance.pick(moments);
      return (known) => cards.whole(known, moment);
    };
    const again = arrivals.filter(() => chance.hits(0.3));
    const all = shuffled([...arrivals, ...again, read(), read()], chance);
    const end = all.reduce((known, arrive) => arrive(known), chance.pick(moments));
    expect(end, `seed ${seed}`).toEqual(moments.at(-1));
  }
});

const card: Card = { id: 'a', version: 4, text: 'text', votes: ['v'], replies: { version: 3, count: 1 } };

test('a newer part stays when an older whole noun supplies the rest', () => {
  const voted = cards.part({ ...card, version: 2 }, 'votes', 6, { votes: ['v', 'w'] });
  expect(voted.version).toBe(6);
  const edited = cards.whole(voted, { ...card, version: 5, text: 'edited', votes: ['v'], pin: 5 });
  expect(edited).toEqual({ ...card, version: 6, text: 'edited', votes: ['v', 'w'], pin: 5 });
});

test('a newer whole noun removes the parts that it lacks', () => {
  const pinned = cards.part(card, 'pin', 5, { pin: 1 });
  expect(cards.whole(pinned, { ...card, version: 6 })).toEqual({ ...card, version: 6 });
  const ahead = cards.part({ ...card, colour: 'red', pin: 1 }, 'votes', 9, { votes: [] });
  expect(cards.whole(ahead, { ...card, version: 8 })).toEqual({ ...card, version: 9, votes: [] });
});

test('a part with its own version is compared by that alone, and does not raise the noun’s', () => {
  const replied = cards.part(card, 'replies', 8, { replies: { version: 8, count: 2 } });
  expect(replied).toEqual({ ...card, replies: { version: 8, count: 2 } });
  const edited = cards.whole(replied, { ...card, version: 7, text: 'edited' });
  expect(edited).toEqual({ ...card, version: 7, text: 'edited', replies: { version: 8, count: 2 } });
  const read = { ...card, replies: { version: 9, count: 3 } };
  expect(cards.whole(edited, read)).toEqual({ ...edited, replies: read.replies });
});

test('an update without news keeps the same object', () => {
  const voted = cards.part(card, 'votes', 6, { votes: [] });
  expect(cards.whole(voted, card)).toBe(voted);
  expect(cards.part(voted, 'votes', 6, { votes: ['late'] })).toBe(voted);
  expect(cards.raise(voted, 6)).toBe(voted);
});

test('a raised version, and names without a version, hide no later update', () => {
  const raised = cards.patch(cards.raise(card, 9), { text: 'renamed' });
  expect(raised).toEqual({ ...card, version: 9, text: 'renamed' });
  expect(cards.whole(raised, { ...card, version: 9, text: 'read' })).toEqual({ ...card, version: 9, text: 'read' });
});
