import { expect, test } from 'vitest';
import { indexQuestion, parseQuery } from './query.ts';
import { stopWordsOf } from './stop-words.ts';

const ID = '0190a3c4-0000-7000-8000-000000000001';
const english = stopWordsOf(['en']);
const shown = (query: string) => {
  const { terms, excluded, ...others } = parseQuery(query);
  const textOf = ({ units, isPrefix }: (typeof terms)[number]) =>
    units.map(({ text }) => text).join(' ') + (isPrefix ? '*' : '');
  return { terms: terms.map(textOf), excluded: excluded.map(textOf), ...others };
};
const nothing = { terms: [], excluded: [], from: [], chatIds: [], has: [], before: undefined, after: undefined };

test.each([
  ['two Words', { terms: ['two', 'words'] }],
  ['"a whole phrase" more', { terms: ['a whole phrase', 'more'] }],
  ['depl*', { terms: ['depl*'] }],
  ['"depl*"', { terms: ['depl'] }],
  ['-not yes', { terms: ['yes'], excluded: ['not'] }],
  ['-"not this" yes', { terms: ['yes'], excluded: ['not this'] }],
  ['e-mail', { terms: ['e mail'] }],
  ['again Again AGAIN', { terms: ['again'] }],
  [`from:<@${ID}> x`, { terms: ['x'], from: [ID] }],
  [`in:<#${ID.toUpperCase()}>`, { chatIds: [ID] }],
  ['has:link HAS:file has:link', { has: ['link', 'file'] }],
  ['before:2026-02-28 after:2025-12-01', { before: '2026-02-28', after: '2025-12-01' }],
  ['before:2026-02-30', { terms: ['before 2026 02 30'] }],
  ['from:bob has:cheese in:<#x>', { terms: ['from bob', 'has cheese', 'in x'] }],
  ['"unclosed phrase', { terms: ['unclosed', 'phrase'] }],
  ['東京都 サーバー', { terms: ['東 京 都', 'サ ー バ ー'] }],
  ['- -- "" * !', {}],
])('%s', (query, expected) => expect(shown(query)).toEqual({ ...nothing, ...expected }));

test.each([
  ['the server', ['word:server'], false],
  ['the and of', [], false],
  ['"to be or not to be"', [], false],
  ['猫', [], true],
  ['a 東京', ['pair:東京'], false],
  ['de*', [], true],
  ['dep*', ['prefix:dep'], false],
  ['deployment*', ['prefix:dep'], false],
  ['the*', ['prefix:the'], false],
  ['co-op*', ['word:co'], true],
])('the tokens required of the index %s', (query, names, isTooShort) => {
  expect(indexQuestion(parseQuery(query).terms, english)).toMatchObject({ names, isTooShort });
});

test.each([
  ['quotation marks', '"'.repeat(256)],
  ['exclusions', '-'.repeat(256)],
  ['half filters', 'from:<@'.repeat(36)],
  ['stars', '*'.repeat(256)],
  ['marks', 'e\u0301'.repeat(128)],
  ['ligatures', 'ﷺ'.repeat(256)],
  ['words', 'a '.repeat(128)],
  ['blanks', ' \u2003'.repeat(128)],
])('256 %s cost nothing', (_, query) => {
  parseQuery(query);
  const before = process.cpuUsage();
  for (let n = 0; n < 10; n++) indexQuestion(parseQuery(query).terms, english);
  expect((process.cpuUsage(before).user + process.cpuUsage(before).system) / 10).toBeLessThan(50_000);
});
