import { describe, expect, test } from 'vitest';
import { Id } from './ids.ts';
import { AvatarUrl, Content, Description, Email, Name, Typed } from './text.ts';

const escaped = (text: string) => JSON.stringify(text);
const nothingToSee = [
  '\u200b', '\u2060', '\u3164', '\u115f\u1160', '\uffa0', '\u00ad', '\ufeff', '\u180e', '\u034f', '\u2800', '\u061c', '\u200e',
  '\u2066\u2069', '\u202e', '\u{e0020}', '\ufff9\ufffb', '\uffff', '\u0085', '\u001b', '\u007f', '\u2028', '\u17b4', '\u{1d159}',
]; // biome-ignore format: a list

describe('names', () => {
  test.each<[string, string, boolean]>([
    ['letters of two directions', '\u2067\u05d0\u2069 and \u200fb', true],
    ['joined emoji', '\u{1f469}\u200d\u{1f4bb}', true],
    ...nothingToSee.map((name) => [`nothing to see: ${escaped(name)}`, name, false] as [string, string, boolean]),
    ...[
      '\n',
      '\t',
      '\u001b',
      '\u007f',
      '\u0085',
      '\u009b',
      '\u2028',
      '\u2029',
      '\u202a',
      '\u202b',
      '\u202c',
      '\u202d',
      '\u202e',
    ].map(
      (character) => [`beside letters: ${escaped(character)}`, `a${character}b`, false] as [string, string, boolean],
    ),
  ])('%s', (_, name, isGood) => {
    expect(Name.safeParse(name).success).toBe(isGood);
  });

  test('a description has lines, and no other controls', () => {
    expect(Description.safeParse('one\r\n\ttwo').success).toBe(true);
    for (const text of ['a\u001bb', 'a\u202eb', 'a\u2028b']) expect(Description.safeParse(text).success).toBe(false);
  });
});

describe('e-mail addresses', () => {
  test.each([
    ['x@xn--e1afmkfd.xn--p1ai'],
    ['a&b@example.com'],
    ["!#$%&'*+-/=?^_`{|}~.x@a-b.c0"],
    [`${'a'.repeat(64)}@example.com`],
    ['A.B@EXAMPLE.com'],
    ['x@1.2.example'],
  ])('%s is one, as it is', (address) => {
    expect(Email.parse(address)).toBe(address);
  });

  test('both forms of a domain are equal', () => {
    expect(Email.parse('x@пример.рф')).toBe('x@xn--e1afmkfd.xn--p1ai');
    expect(Email.parse('x@bücher.example')).toBe('x@xn--bcher-kva.example');
    expect(Email.parse('x@BU\u0308CHER.example')).toBe('x@xn--bcher-kva.example');
  });

  test.each([
    '', 'x', 'x@', '@x.org', 'x@localhost', 'x@.org', 'x@a..org', 'x@org.', 'a..b@x.org', '.a@x.org', 'a.@x.org', '"a b"@x.org',
    'a b@x.org', 'a@b@x.org', 'x@[127.0.0.1]', 'x@127.0.0.1', 'x@-a.org', 'x@a-.org', 'x@a_b.org', 'é@x.org', 'x@x.org\n', ' x@x.org',
    `${'a'.repeat(65)}@x.org`, `x@${'a'.repeat(64)}.org`, `x@${'ü'.repeat(63)}.org`, 'x@ex%41mple.org', 'x@xn--a.org', 'x@пример.рф/..',
    'x@пример.рф:25', 'x@u@пример.рф', 'x@\ud800.org', 'x@\u200b.org', '\0@x.org',
  ])('%j is none', (address) => {
    expect(Email.safeParse(address).success).toBe(false);
  }); // biome-ignore format: a list
});

test.each([
  ['https://x.org/a', true],
  ['HTTPS://X.ORG', true],
  ['https://bücher.example/ä', true],
  ['https:example.com', false],
  ['https:/example.com', false],
  ['https:///example.com', false],
  ['https:\\\\example.com', false],
  ['https://example.com\\a', false],
  [' https://example.com', false],
  ['https://exam\tple.com', false],
  ['https://example.com/\n', false],
  ['http://example.com', false],
])('a picture at %j: %s', (url, isGood) => {
  expect(AvatarUrl.safeParse(url).success).toBe(isGood);
});

test('an address and a picture with a letter of Latin-1 are also valid when the check is compiled', () => {
  const [url, address] = ['https://bücher.example/ä', 'x@bücher.example'];
  const refused = Array.from({ length: 20_000 }, () => [AvatarUrl.safeParse(url), Email.safeParse(address)])
    .flat()
    .filter(({ success }) => !success);
  expect(refused).toEqual([]);
});

test('input that is only compared may be any well-formed text', () => {
  for (const typed of ['', '\0', '\u200b', 'p\u00e4ss']) expect(Typed.safeParse(typed).success).toBe(true);
  for (const typed of ['\ud800', 'x\udc00', 'a\ud800b']) expect(Typed.safeParse(typed).success).toBe(false);
});

describe('text', () => {
  test.each<[string, string, boolean]>([
    ['plain', 'hi', true],
    ['8,000 units', 'x'.repeat(8_000), true],
    ['8,001 units', 'x'.repeat(8_001), false],
    ['8,000 units of emoji', '🍞'.repeat(4_000), true],
    ['8,002 units of emoji', '🍞'.repeat(4_001), false],
    ['empty', '', false],
    ['white space alone', ' \n\t\u3000', false],
    ['a NUL', 'a\0b', false],
    ['a lone surrogate', 'a\uD800b', false],
    ['right-to-left and zero-width marks', '\u202Eabc\u200D', true],
    ['newlines and tabs', 'a\n\tb', true],
    ['a control beside what can be seen', 'a\u001bb', true],
    ['the mark of an emoji alone', '\ufe0f', false],
    ['a symbol', '\u2665', true],
    ['an Arabic number sign', '\u0600', true],
    ...nothingToSee.map((text) => [`nothing to see: ${escaped(text)}`, text, false] as [string, string, boolean]),
    ['a pair of surrogates', '🍞', true],
  ])('%s', (_, text, isGood) => {
    expect(Content.safeParse(text).success).toBe(isGood);
  });

  test('is stored as sent; ids are compared in lower case', () => {
    expect(Content.parse('  spaced  ')).toBe('  spaced  ');
    expect(Id.parse('0198C0DE-0000-7000-8000-00000000000A')).toBe('0198c0de-0000-7000-8000-00000000000a');
  });
});
