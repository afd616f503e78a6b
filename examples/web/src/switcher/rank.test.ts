import { expect, test } from 'vitest';
import { folded } from './folded.ts';
import { NO_MATCH, rankOf } from './rank.ts';

const found = (typed: string, names: readonly string[]) =>
  names
    .map((name) => ({ name, rank: rankOf(name, folded(typed)) }))
    .filter(({ rank }) => rank < NO_MATCH)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ name }) => name);

test('beginnings come before words, words before initials, those before letters inside', () => {
  const names = ['scandal', 'Ada Nora Lund', 'Bob Anders', 'Anders', 'an', 'Abel Nunez'];
  expect(found('an', names)).toEqual(['an', 'Anders', 'Bob Anders', 'Ada Nora Lund', 'Abel Nunez', 'scandal']);
});

test('several words each begin a word, in order', () => {
  expect(found('ada lo', ['Lovelace Ada', 'Ada King Lovelace', 'Adam Logan', 'Ada'])).toEqual([
    'Ada King Lovelace',
    'Adam Logan',
  ]);
});

test('case and diacritics do not matter, on either side', () => {
  for (const [typed, name] of [
    ['capek', 'Karel Čapek'],
    ['ČAPEK', 'karel capek'],
    ['strasse', 'Straße'],
    ['lodz', 'Łódź'],
    ['istanbul', 'İstanbul'],
    ['soren', 'Søren'],
    ['σοφια', 'Σοφία'],
    ['שלום', 'שָׁלוֹם'],
  ] as const)
    expect(found(typed, [name]), typed).toEqual([name]);
});

test('letters in order are found last, the closest together first, and two are too few', () => {
  expect(found('rls', ['run-last-step', 'releases', 'general'])).toEqual(['run-last-step', 'releases']);
  expect(found('gnl', ['g-n-i-l', 'general', 'ganol'])).toEqual(['ganol', 'g-n-i-l', 'general']);
  expect(found('gl', ['general'])).toEqual([]);
});
