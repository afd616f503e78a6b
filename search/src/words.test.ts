import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unitsOf } from './words.ts';

const texts = (text: string) => unitsOf(text).map((unit) => unit.text);

test.each([
  ['Hello, World!', ['hello', 'world']],
  ['Crème BRÛLÉE naïve', ['creme', 'brulee', 'naive']],
  ['cre\u0300me', ['creme']],
  ['ΟΔΟΣ οδός', ['οδοσ', 'οδοσ']],
  ['STRASSE Straße', ['strasse', 'strasse']],
  ['İstanbul ISTANBUL', ['istanbul', 'istanbul']],
  ['ﬁne ＡＢＣ１', ['fine', 'abc1']],
  ['Ёлка йод и\u0306од', ['ёлка', 'йод', 'йод']],
  ['مرحبا بالعالم', ['مرحبا', 'بالعالم']],
  ['שָׁלוֹם', ['שָׁלוֹם'.normalize('NFKC').normalize('NFD').normalize('NFC')]],
  ['サーバー', ['サ', 'ー', 'バ', 'ー']],
  ['ｻｰﾊﾞｰ', ['サ', 'ー', 'バ', 'ー']],
  ['東京 tower', ['東', '京', 'tower']],
  ['한국어', ['한', '국', '어']],
  ['한국어'.normalize('NFD'), ['한', '국', '어']],
  ['ภาษาไทย', ['ภ', 'า', 'ษ', 'า', 'ไ', 'ท', 'ย']],
  ['iPhone充電器', ['iphone', '充', '電', '器']],
  ['https://example.com/a_b?c=1', ['https', 'example', 'com', 'a', 'b', 'c', '1']],
  ['foo.bar(baz)', ['foo', 'bar', 'baz']],
  ['co\u00adop می\u200cخواهم', ['coop', 'میخواهم']],
  ['½ ①', ['1', '2', '1']],
  ['🎉 👩‍💻', []],
  ['', []],
])('%s', (text, expected) => expect(texts(text)).toEqual(expected));

test('positions refer to the text, in order, and a unit is the text at its position', () => {
  const any = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary-ascii' }),
  );
  fc.assert(
    fc.property(any, (text) => {
      let before = 0;
      for (const { start, end, text: form } of unitsOf(text)) {
        expect(start).toBeGreaterThanOrEqual(before);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(text.length);
        expect(texts(text.slice(start, end)).join('')).toContain(form);
        before = start;
      }
    }),
    { numRuns: 2_000 },
  );
});

test('normalisation is idempotent, and canonical equivalents have the same form', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const once = texts(text);
      expect(texts(once.join(' '))).toEqual(once.map(String));
      expect(texts(text.normalize('NFD'))).toEqual(texts(text.normalize('NFC')));
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['marks on one letter', `e${'\u0301\u0316'.repeat(4_000)}`],
  ['marks alone', '\u0301'.repeat(8_000)],
  ['leading consonants', '\u1100'.repeat(8_000)],
  ['surrogates alone', '\ud800'.repeat(8_000)],
  ['joiners', 'a\u200d'.repeat(4_000)],
  ['ligatures that grow', 'ﷺ'.repeat(8_000)],
])('%s cost linear time', (_, text) => {
  const cpuOf = (of: string) => {
    const before = process.cpuUsage();
    unitsOf(of);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  cpuOf(text);
  expect(cpuOf(text)).toBeLessThan(50_000);
});
