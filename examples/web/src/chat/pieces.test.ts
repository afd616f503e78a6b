import fc from 'fast-check';
import { expect, test } from 'vitest';
import { piecesOf } from './pieces.ts';

const shown = (content: string) => piecesOf(content).map(({ kind, text }) => `${kind}:${text}`);
const linksOf = (content: string) => piecesOf(content).flatMap(({ kind, text }) => (kind === 'link' ? [text] : []));
const hostsOf = (content: string) => linksOf(content).map((link) => new URL(link).hostname);

test.each([
  ['see https://a.example/x?y=1#z.', ['words:see ', 'link:https://a.example/x?y=1#z', 'words:.']],
  ['(http://a.example/b_(c))', ['words:(', 'link:http://a.example/b_(c)', 'words:)']],
  ['run `npx x` now', ['words:run ', 'code:npx x', 'words: now']],
  ['```ts\nlet a = "https://a.example";\n```\nso', ['block:let a = "https://a.example";', 'words:so']],
  ['```not closed `a` ``', ['words:``', 'code:not closed ', 'words:a', 'code: ', 'words:`']],
  ['``````', ['words:``````']],
  ['`no\ncode`', ['words:`no\ncode`']],
  ['javascript:alert(1) data:text/html,x', ['words:javascript:alert(1) data:text/html,x']],
  ['https://', ['words:https://']],
  ['<b>no markup</b>', ['words:<b>no markup</b>']],
  ['https://a.example"onclick="x', ['link:https://a.example', 'words:"onclick="x']],
])('%s', (content, pieces) => {
  expect(shown(content)).toEqual(pieces);
});

test.each([
  // A sentence continues without a space.
  ['链接：https://www.example.com，详见', 'https://www.example.com'],
  ['链接：https://www.example.com。详见', 'https://www.example.com'],
  ['看https://www.example.com详见', 'https://www.example.com'],
  ['https://example.comです', 'https://example.com'],
  ['https://example.com에서', 'https://example.com'],
  ['（见https://example.com/a）。', 'https://example.com/a'],
  ['《https://example.com/a/b》', 'https://example.com/a/b'],
  ['“https://example.com/a”', 'https://example.com/a'],
  ['«https://example.com»', 'https://example.com'],
  ['https://example.com/путь،', 'https://example.com/путь'],
  ['https://zh.example/wiki/三国（电视剧）', 'https://zh.example/wiki/三国（电视剧）'],
  ['https://example.com/关于，详见', 'https://example.com/关于'],
  ['https://www.example.com，邮箱a@b.example', 'https://www.example.com'],
  ['https://example.com|next', 'https://example.com'],
  ['https://example.com\\@other.example', 'https://example.com'],
  // Direction marks and invisible characters.
  ['https://example.com/\u202Egpj.exe', 'https://example.com/'],
  ['https://example.com\u202E/moc.elpmaxe', 'https://example.com'],
  ['https://example.com/a\u2067b', 'https://example.com/a'],
  ['https://example.com/a\u200Bb', 'https://example.com/a'],
  // Apostrophes, quotes and brackets.
  ["https://example.com/it's-fine", "https://example.com/it's-fine"],
  ['https://example.com/it’s-fine.', 'https://example.com/it’s-fine'],
  ["'https://example.com/a'", 'https://example.com/a'],
  ["['https://example.com/a','b']", 'https://example.com/a'],
  ['[a](https://example.com/a_(b))', 'https://example.com/a_(b)'],
  ['https://example.com/a(not closed', 'https://example.com/a'],
  ['https://example.com/a…', 'https://example.com/a'],
  ['https://example.com?!', 'https://example.com'],
  ['https://deploy--site.example.app/x', 'https://deploy--site.example.app/x'],
  ['http://[::1]:3000/a.', 'http://[::1]:3000/a'],
  ['https://пример.испытание/а', 'https://пример.испытание/а'],
  ['http://例え.テスト', 'http://例え.テスト'],
])('%s', (content, link) => {
  expect(linksOf(content)).toEqual([link]);
});

/** From linkify-it's own list of links, as far as it is about web addresses. */
test.each([
  'http://example.com/foo_bar/',
  'http://user:pass@example.com:8080',
  'http://user@example.com',
  'http://example.com:8080',
  'http://example.com/?foo=bar',
  'http://example.com?foo=bar',
  'http://example.com#foo=bar',
  'http://a.in',
  'HTTP://GOOGLE.COM',
  'http://example.invalid',
  'http://inrgess2',
  'http://999',
  'http://host-name',
  'http://lyricstranslate.com/en/someone-you-നിന്നെ-പോലൊരാള്‍.html',
  'http://foo.com/blah_blah_[other]',
  "http://foo.com/blah_blah_{I'm_king}",
  "http://foo.com/blah_blah_I'm_king",
  "http://www.kmart.com/bestway-10'-x-30inch-steel-pro-frame-pool/p-004W007538417001P",
  'http://foo.com/blah_blah_"doublequoted"',
  "http://foo.com/blah_blah_'singlequoted'",
  'https://github.com/markdown-it/linkify-it/compare/360b13a...f580766',
  'http://172.26.142.48/viewerjs/#../0529/slides.pdf',
  'https://www.google.com/maps/place/New+York,+NY,+USA/@40.702271,-73.9968471,11z/data=!4m2!3m1!1s0x89:0xc8?hl=en',
  'https://www.google.com/analytics/web/?hl=ru&pli=1#report/visitors-overview/a26895874w20458057p96934174/',
  'http://business.timesonline.co.uk/article/0,,9065-2473189,00.html',
  'http://example.com/foo--bar',
  'http://www.bloomberg.com/news/articles/2015-06-26/what-s-troubling-germany-inc-',
  'http://✪df.ws/123',
  'http://➡.ws/䨹',
  'http://xn--df-oiy.ws/123',
  'http://www.bürgerentscheid-krankenhäuser.de',
  'http://ﻡﻮﻘﻋ.ﻭﺯﺍﺭﺓ-ﺍﻼﺘﺻﺍﻼﺗ.ﻢﺻﺭ/',
  'http://example.com/render?target=summarize(deriviative(app.numUsers),%221min%22)&title=New_Users_Per_Minute',
  'http://example.com/foo-(with-nested-(parens))',
])('%s is a link, alone, in a sentence, in brackets and in quotes', (link) => {
  for (const content of [link, `My ${link} site`, `${link}.`, `${link}, so`, `${link}...`, `(${link})`, `"${link}"`])
    expect(linksOf(content), content).toEqual([link]);
  for (const content of [
    `[Scoped like ${link}]`,
    `{${link}}`,
    `<${link}>.`,
    `'${link}'`,
    `>>${link}`,
    `｜${link}｜bar`,
  ])
    expect(linksOf(content), content).toEqual([link]);
});

test.each([
  'http://.example.com',
  'http://-example.com',
  'hppt://example.com',
  '_http://example.com',
  'xhttps://example.com',
  'http://example.com_',
  'http://.',
  'http://#',
  'http://??',
  'http://1.2.3.4.5',
  'http://1.2.3.400',
  'http://example.com:99999',
  `http://${'a'.repeat(300)}.example`,
])('%s is no link', (content) => {
  expect(linksOf(content)).toEqual([]);
});

test('two links lead where each says', () => {
  expect(hostsOf('https://a.example,https://b.example/(c),(https://c.example)')).toEqual([
    'a.example',
    'b.example',
    'c.example',
  ]);
});

const scraps = [
  'http://',
  'https://a',
  'https://a.b/',
  'a@',
  '.',
  ')',
  '(',
  '`',
  '```',
  '\n',
  "'",
  '"a',
  '-',
  '漢',
  '，',
  ':',
  '\u0301',
  ' ',
];
const hostile = fc
  .array(
    fc.tuple(fc.array(fc.constantFrom(...scraps), { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 3 })),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((parts) => parts.map(([unit, weight]) => ({ unit: unit.join(''), weight })));

/** The parts, each repeated by its weight, up to a number of characters. */
function textOf(parts: readonly { readonly unit: string; readonly weight: number }[], chars: number): string {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  return parts.map(({ unit, weight }) => unit.repeat(Math.ceil((chars * weight) / total / unit.length))).join('');
}

/** The least CPU time of some runs, in microseconds, because other load can only increase it. */
function cpuMicros(work: () => void, runs = 5): number {
  const took = Array.from({ length: runs }, () => {
    const before = process.cpuUsage();
    work();
    return process.cpuUsage(before).user;
  });
  return Math.min(...took);
}

test('nothing is lost, whatever somebody writes', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...scraps), { maxLength: 60 }), (unit) => {
      const content = unit.join('').replaceAll('`', '');
      expect(
        piecesOf(content)
          .map(({ text }) => text)
          .join(''),
      ).toBe(content);
      for (const link of linksOf(content)) expect(URL.canParse(link)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('a message of any form takes time that grows with its length alone, and at most 50 ms', () => {
  const attack = [
    { unit: 'http://a', weight: 0.001 },
    { unit: '.', weight: 1 },
    { unit: ')', weight: 1 },
  ];
  fc.assert(
    fc.property(hostile, (parts) => {
      const [short, long] = [textOf(parts, 8_000), textOf(parts, 64_000)];
      expect(cpuMicros(() => piecesOf(short))).toBeLessThan(50_000);
      // Eight times the length takes eight times the time, and not 64 times, as a nested loop would.
      expect(cpuMicros(() => piecesOf(long))).toBeLessThan(
        24 *
          Math.max(
            cpuMicros(() => piecesOf(short)),
            1_000,
          ),
      );
    }),
    { numRuns: 60, examples: [[attack]] },
  );
});
