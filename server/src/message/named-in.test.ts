import { expect, test } from 'vitest';
import { namedIn } from './named-in.ts';

const id = (n: number) => `0190a3c4-0000-7000-8000-${String(n).padStart(12, '0')}`;

test('people are named in order and once, and everyone is', () => {
  expect(namedIn(`<@${id(2)}> and <@${id(1)}>, <@${id(2).toUpperCase()}>`)).toEqual({
    userIds: [id(2), id(1)],
    everyone: false,
  });
  expect(namedIn(`a<!everyone>b<@${id(1)}>`)).toEqual({ userIds: [id(1)], everyone: true });
});

test.each([
  'nobody',
  '@everyone <!here> <!everyone <@!everyone>',
  '<@>',
  `<@${id(1)}`,
  `@${id(1)}>`,
  `< @${id(1)}>`,
  `<@${id(1)}\u0000>`,
  `<@${id(1).slice(1)}>`,
  `<@${id(1)}0>`,
  `<@${id(1).replaceAll('-', '')}>`,
  `<@${id(1).replace('0190', '０190')}>`,
  `<@<@<@`,
])('%j mentions no one', (text) => {
  expect(namedIn(text)).toBeUndefined();
});

test('an incomplete mention hides no complete one after it', () => {
  expect(namedIn(`<@<@${id(1)}><@${id(2)}<@${id(3)}><!<!everyone>`)).toEqual({
    userIds: [id(1), id(3)],
    everyone: true,
  });
});

test('a hostile text takes linear time', () => {
  const MiB = 1_048_576;
  const texts = ['<@', '<', '<!everyone', `<@${id(1).slice(0, -1)}`, '<@0190a3c4-'].map((part) =>
    part.repeat((10 * MiB) / part.length),
  );
  for (const text of texts) expect(namedIn(text)).toBeUndefined();
  const many = Array.from({ length: 250_000 }, (_, n) => `<@${id(n)}>`).join('');
  expect(namedIn(many)?.userIds).toHaveLength(205);
  expect(namedIn(`<@${id(1)}>`.repeat(250_000))?.userIds).toEqual([id(1)]);
});
