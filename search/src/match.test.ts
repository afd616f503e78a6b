import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchOf } from './match.ts';
import { indexQuestion, parseQuery } from './query.ts';
import { stopLanguages, stopWordsOf } from './stop-words.ts';
import { namesOf } from './tokens.ts';
import { unitsOf } from './words.ts';

const stopWords = stopWordsOf(['en']);
const found = (content: string, query: string) =>
  matchOf(unitsOf(content), { ...parseQuery(query), stopWords })?.map(([start, end]) => content.slice(start, end));

test.each([
  ['The server is down again', 'down server', ['server', 'down']],
  ['Deploying the deployment', 'deploy*', ['Deploying', 'deployment']],
  ['Deploying', 'deploy', undefined],
  ['crème brûlée', 'creme BRULEE', ['crème', 'brûlée']],
  ['one two three', '"two three"', ['two three']],
  ['one two, three', '"two three"', ['two, three']],
  ['three two', '"two three"', undefined],
  ['keep this', 'keep -this', undefined],
  ['keep that', 'keep -this', ['keep']],
  ['今日は東京都に行く', '東京', ['東京']],
  ['東 京', '東京', undefined],
  ['新しいサーバーです', 'サーバー', ['サーバー']],
  ['see https://example.com/x', 'example.com', ['example.com']],
  ['their', 'the*', undefined],
  ['thermal', 'the*', ['thermal']],
  ['aaa aaa', '"aaa aaa"', ['aaa aaa']],
  ['東東東', '東東', ['東東東']],
  ['', 'x', undefined],
])('%s, by %s', (content, query, expected) => expect(found(content, query)).toEqual(expected));

const words = [
  'server',
  'Server',
  'der',
  'the',
  'naïve',
  'e\u0301te\u0301',
  'Ёлка',
  'οδός',
  'שלום',
  'مرحبا',
  '東京都',
  'サーバー',
  '한국어',
];
const more = [
  'ภาษาไทย',
  'iPhone充電器',
  'a_b',
  'https://x.example/a',
  '🎉',
  'co-op',
  '½',
  'ﬁne',
  '一',
  'x*',
  '"',
  '-',
  '\n',
  'ﷺ',
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...words, ...more), fc.string({ unit: 'grapheme', maxLength: 3 })), { maxLength: 12 })
  .chain((parts) => fc.constantFrom('', ' ').map((between) => parts.join(between)));

test('the index finds every matching text: it requires no token that a matching text lacks', () => {
  let matching = 0;
  const property = fc.property(text, text, fc.nat(), fc.nat(), fc.boolean(), (content, other, from, length, isPart) => {
    // A part of the content is more likely to match than a random text.
    const query = isPart ? content.slice(from % (content.length + 1)).slice(0, 1 + (length % 12)) : other;
    const parsed = parseQuery(query);
    const units = unitsOf(content);
    const { names, terms } = indexQuestion(parsed.terms, stopWords);
    if (terms.length === 0 || matchOf(units, { terms, excluded: parsed.excluded, stopWords }) === undefined) return;
    matching++;
    const indexed = namesOf({ senderId: 'ada', content, units, hasFiles: false }, { stopWords, hasPrefixes: true });
    expect(names.filter((name) => !indexed.has(name))).toEqual([]);
  });
  fc.assert(property, { numRuns: 10_000 });
  expect(matching).toBeGreaterThan(500);
});

test('ranges are sorted, disjoint, and within the text', () => {
  fc.assert(
    fc.property(text, text, (content, query) => {
      const ranges = matchOf(unitsOf(content), { ...parseQuery(query), stopWords }) ?? [];
      for (const [at, [start, end]] of ranges.entries()) {
        expect(start).toBeGreaterThanOrEqual(ranges[at - 1]?.[1] ?? 0);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(content.length);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('stop words are in their normal form', () => {
  for (const language of stopLanguages)
    for (const word of stopWordsOf([language])) expect(unitsOf(word)).toMatchObject([{ text: word, isLetter: false }]);
});
