import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linksOf } from './links-in.ts';
import type { Block, Inline } from './nodes.ts';
import { blocksOf } from './parse.ts';

/** A message as it is shown, with a letter for each kind of part. */
const shown = (content: string) => blocksOf(content).map(shownBlock);

function shownBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return shownInlines(block.children);
    case 'code':
      return `pre${block.language && `.${block.language}`}(${block.text})`;
    case 'quote':
      return `quote(${block.blocks.map(shownBlock).join(' / ')})`;
    case 'list':
      return block.items
        .map(({ depth, number, children }) => `${'  '.repeat(depth)}${number ?? '-'} ${shownInlines(children)}`)
        .join(' / ');
    default:
      return block satisfies never;
  }
}

const shownInlines = (nodes: readonly Inline[]): string => nodes.map(shownInline).join('');

function shownInline(node: Inline): string {
  if ('text' in node) return node.kind === 'text' ? node.text : `code(${node.text})`;
  if (node.kind === 'link')
    return `link(${shownInlines(node.children)}${node.href === shownInlines(node.children) ? '' : ` ${node.href}`})`;
  if ('children' in node) return `${node.kind}(${shownInlines(node.children)})`;
  return 'id' in node ? `${node.kind}(${node.id.slice(-2)})` : 'name' in node ? `:${node.name}:` : 'everyone()';
}

const ID = '01890000-0000-7000-8000-0000000000';

test.each([
  ['see https://a.example/x?y=1#z.', ['see link(https://a.example/x?y=1#z).']],
  ['(http://a.example/b_(c))', ['(link(http://a.example/b_(c)))']],
  ['run `npx x` now', ['run code(npx x) now']],
  ['```ts\nlet a = "https://a.example";\n```\nso', ['pre.ts(let a = "https://a.example";)', 'so']],
  ['```not closed `a` ``', ['``code(not closed )acode( )`']],
  ['``````', ['``````']],
  ['`no\ncode`', ['`no\ncode`']],
  ['javascript:alert(1) data:text/html,x', ['javascript:alert(1) data:text/html,x']],
  ['https://', ['https://']],
  ['<b>no markup</b>', ['<b>no markup</b>']],
  ['https://a.example"onclick="x', ['link(https://a.example)"onclick="x']],
])('%s', (content, parts) => {
  expect(shown(content)).toEqual(parts);
});

test.each([
  [
    '**bold** and *italics* and _italics_ and ~~struck~~',
    'strong(bold) and em(italics) and em(italics) and strike(struck)',
  ],
  ['__bold__ and ***both***', 'strong(bold) and strong(em(both))'],
  ['**bold *both***', 'strong(bold em(both))'],
  ['*it **both***', 'em(it strong(both))'],
  ['**a _b_ ~~c~~**', 'strong(a em(b) strike(c))'],
  ['**over\ntwo lines**', 'strong(over\ntwo lines)'],
  ['你好**世界**吧', '你好strong(世界)吧'],
  ['(*a*), “_b_”!', '(em(a)), “em(b)”!'],
  ['*`code` too*', 'em(code(code) too)'],
  // What people type that is none.
  ['2 * 3 * 4 and 2*3*4', '2 * 3 * 4 and 2*3*4'],
  ['snake_case_name and __init__.py', 'snake_case_name and strong(init).py'],
  ['¯\\_(ツ)_/¯', '¯\\_(ツ)_/¯'],
  ['a ~ b ~ c, ~5 and ~~ not', 'a ~ b ~ c, ~5 and ~~ not'],
  ['** not ** and ****', '** not ** and ****'],
  ['*never closed', '*never closed'],
  ['src/*.ts and lib/*.js', 'src/*.ts and lib/*.js'],
  ['*a **b* c**', '*a strong(b* c)'],
  ['**', '**'],
  ['*one *two*', '*one em(two)'],
  // Addresses.
  ['**https://a.example/b**', 'strong(link(https://a.example/b))'],
  ['https://a.example/b_c_d', 'link(https://a.example/b_c_d)'],
  ['[the notes](https://a.example/n)', 'link(the notes https://a.example/n)'],
  ['[**the** notes](https://a.example/n_(1)).', 'link(strong(the) notes https://a.example/n_(1)).'],
  ['[good.example](https://evil.example)', '[good.example](link(https://evil.example))'],
  ['[x](javascript:alert(1))', '[x](javascript:alert(1))'],
  ['[](https://a.example)', '[](link(https://a.example))'],
  ['[a] [b](https://a.example)', '[a] link(b https://a.example)'],
  ['**[a**](https://a.example)', 'strong([a)](link(https://a.example))'],
  // Names.
  [
    `<@${ID}01> and <#${ID}02> and <!everyone> and :party_parrot: at 12:30:45`,
    'person(01) and chat(02) and everyone() and :party_parrot: at 12:30:45',
  ],
  ['00:1A:2B:3c:4D and :TADA: :Tada:tada:', '00:1A:2B:3c:4D and :TADA: :Tada:tada:'],
  [`*<@${ID}01>*`, 'em(person(01))'],
  ['<@nobody>', '<@nobody>'],
])('%s', (content, paragraph) => {
  expect(shown(content)).toEqual([paragraph]);
});

test.each([
  'good\u200B.\u200Bexample',
  'good.\u2060example',
  'good\u00AD.\u00ADexample',
  'good\u202E.\u202Cexample',
  'good．example',
  'good․example',
  'good。example',
  'cafe\u0301.example',
  'x\u0347.example',
  'https：／／good',
])('the label %j looks like an address, and is made no link to another one', (label) => {
  expect(shown(`[${label}](https://evil.example)`)).toEqual([`[${label}](link(https://evil.example))`]);
});

test.each(['v1.2', '第一。第二', 'Yes. No', 'the notes…and more', '12.5 %'])('%j is a label', (label) => {
  expect(shown(`[${label}](https://a.example)`)).toEqual([`link(${label} https://a.example)`]);
});

test.each([
  ['- a\n- b\n  - c\n* d', ['- a / - b /   - c / - d']],
  ['1. a\n2) b\n7. c', ['1 a / 2 b / 7 c']],
  ['so:\n- **a**\nand', ['so:', '- strong(a)', 'and']],
  ['> a\n> b\nc', ['quote(a\nb)', 'c']],
  ['> - a\n> > b', ['quote(- a / quote(b))']],
  ['>>> deep > er', ['quote(quote(quote(deep > er)))']],
  ['a\n\nb', ['a\n\nb']],
  ['- ', ['- ']],
  ['-5 degrees\n2026. A year', ['-5 degrees', '2026 A year']],
  ['a > b', ['a > b']],
  ['so\n```\ncode\n```\n- a', ['so\n', 'pre(code)', '- a']],
])('blocks: %j', (content, blocks) => {
  expect(shown(content)).toEqual(blocks);
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
  '*',
  '**',
  '_',
  '~~',
  '[',
  '](https://a.b)',
  '> ',
  '- ',
  '1. ',
  ':a_b:',
  '<@',
  '\\',
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
function hostileText(parts: readonly { readonly unit: string; readonly weight: number }[], chars: number): string {
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

/** The text that is shown, and the addresses of links with labels. */
const textOf = (nodes: readonly Inline[]): string =>
  nodes.map((node) => ('text' in node ? node.text : 'children' in node ? textOf(node.children) : '')).join('');
const textIn = (block: Block): string =>
  block.kind === 'code'
    ? block.text
    : block.kind === 'paragraph'
      ? textOf(block.children)
      : block.kind === 'quote'
        ? block.blocks.map(textIn).join('')
        : block.items.map(({ children }) => textOf(children)).join('');

/** What is left of `content` when the characters of `part` are taken out, in order; undefined if they are not all in it. */
function without(content: string, part: string): string | undefined {
  let rest = '';
  let at = 0;
  for (const char of content) {
    if (at < part.length && part.startsWith(char, at)) at += char.length;
    else rest += char;
  }
  return at === part.length ? rest : undefined;
}

test('nothing of a message is lost but the signs that are understood, and it never throws', () => {
  const letters = fc.string({ unit: 'grapheme', maxLength: 4 });
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...scraps), letters), { maxLength: 60 }), (unit) => {
      const content = unit.join('').replaceAll(/:a_b:|https?/g, 'x');
      const rest = without(content, blocksOf(content).map(textIn).join(''));
      expect(rest).toBeDefined();
      expect(rest).toMatch(/^[\s*_~`>\d.)•+[\]():/\w-]*$/);
    }),
    { numRuns: 500 },
  );
});

test('letters of a text are shown in order, whatever signs are around them', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...scraps), { maxLength: 60 }), (unit) => {
      const content = unit.join('').replaceAll(/`|https?:\/\/\S*|:a_b:|\d/g, '');
      const words = (text: string) => text.replaceAll(/[^\p{L}"',，@]/gu, '');
      expect(words(blocksOf(content).map(textIn).join(''))).toBe(words(content));
      for (const link of linksOf(unit.join(''))) expect(() => new URL(link)).not.toThrow();
    }),
    { numRuns: 500 },
  );
});

test('rendering any message takes linear time, at most 50 ms', () => {
  const attack = [
    { unit: 'http://a', weight: 0.001 },
    { unit: '.', weight: 1 },
    { unit: ')', weight: 1 },
  ];
  fc.assert(
    fc.property(hostile, (parts) => {
      const [short, long] = [hostileText(parts, 8_000), hostileText(parts, 64_000)];
      expect(cpuMicros(() => blocksOf(short))).toBeLessThan(50_000);
      // Eight times the length takes eight times the time, and not 64 times, as a nested loop would.
      expect(cpuMicros(() => blocksOf(long))).toBeLessThan(
        24 *
          Math.max(
            cpuMicros(() => blocksOf(short)),
            1_000,
          ),
      );
    }),
    { numRuns: 60, examples: [[attack]] },
  );
});
