import { expect, test } from 'vitest';
import { plainOf } from './plain.ts';

const id = (n: number) => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const nameOf = (names: Readonly<Record<string, string>>) => (of: string) => names[of];
const names = { person: nameOf({ [id(1)]: 'Ada' }), chat: nameOf({ [id(2)]: 'general' }) };

test('people, channels and everyone are named', () => {
  const content = `<@${id(1)}>, see\n<#${id(2)}> and <!everyone>`;
  expect(plainOf(content, names)).toBe('@Ada, see #general and @everyone');
  expect(plainOf(`<@${id(3)}> in <#${id(3)}>`, names)).toBe('@someone in #another channel');
});

test('a long message is cut, and no half of a mention or of a character is left', () => {
  expect(plainOf('x'.repeat(400), names)).toBe(`${'x'.repeat(280)}…`);
  const mentions = `${`<@${id(1)}> `.repeat(13)}and <@${id(1)}> so on`;
  expect(plainOf(mentions, names)).toBe(`${'@Ada '.repeat(13)}and…`);
  expect(plainOf(`x${'😀'.repeat(400)}`, names).isWellFormed()).toBe(true);
});
