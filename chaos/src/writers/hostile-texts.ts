const CONTENT_MAX = 8_000;

/** Repeated until a message is full. */
const filled = (part: string, end = ''): string =>
  part.repeat(Math.floor((CONTENT_MAX - 100 - end.length) / part.length)) + end;

/** Texts that are hard to parse, measure, lay out or log; each about as long as allowed. */
export const hostileTexts: readonly string[] = [
  `http://a${filled('.', ')')}`,
  filled('[', '](http://a)'),
  filled('**_~`'),
  filled('<@00000000-0000-0000-0000-000000000000> '),
  filled('> '),
  filled('```\n'),
  filled('<script>alert(1)</script>'),
  filled('e\u0301\u0302\u0303\u0304'),
  filled('\u202Eabc\u2066def\u2069'),
  filled('👩‍👩‍👧‍👦'),
  filled(`'; drop table messages; -- `),
  filled('\u001B[2J\u001B]0;title\u0007'),
  filled('ﷺ'),
];
