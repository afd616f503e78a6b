import { expect, test } from 'vitest';
import { linksOf } from './links-in.ts';

const hostsOf = (content: string) => linksOf(content).map((link) => new URL(link).hostname);

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

test('two links lead to their own addresses', () => {
  expect(hostsOf('https://a.example,https://b.example/(c),(https://c.example)')).toEqual([
    'a.example',
    'b.example',
    'c.example',
  ]);
});
