import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bookOf, withIds, withNames } from './names.ts';
import { tokenAt } from './token.ts';

const id = (n: number) => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const named = ['Ann', 'Anna Bell', 'Ann B', 'José-María', '李雷'].map((name, at) => ({ id: id(at), name }));
const book = {
  people: bookOf(named),
  chats: bookOf([
    { id: id(10), name: 'general' },
    { id: id(11), name: 'general chat' },
  ]),
};

test.each([
  ['hi @Ann!', `hi <@${id(0)}>!`],
  ['@Anna Bell and @Ann B, @Ann', `<@${id(1)}> and <@${id(2)}>, <@${id(0)}>`],
  ['(@José-María) @李雷', `(<@${id(3)}>) <@${id(4)}>`],
  ['see #general and #general chat', `see <#${id(10)}> and <#${id(11)}>`],
  ['@everyone: lunch', '<!everyone>: lunch'],
  // None of them.
  ['@Annabel @ann a@Ann.example #gen', '@Annabel @ann a@Ann.example #gen'],
  ['`@Ann` and\n```\n@Ann\n``` but @Ann', `\`@Ann\` and\n\`\`\`\n@Ann\n\`\`\` but <@${id(0)}>`],
])('%j is sent as %j', (text, content) => {
  expect(withIds(text, book)).toBe(content);
  expect(withNames(content, book)).toBe(text);
});

test('of two people with one name the picked one is meant, and otherwise neither', () => {
  const two = [
    { id: id(1), name: 'Ann' },
    { id: id(2), name: 'Ann' },
  ];
  const bookWith = (picked?: Map<string, string>) => ({
    people: bookOf(two, picked),
    chats: new Map<string, string>(),
  });
  expect(withIds('@Ann', bookWith())).toBe('@Ann');
  expect(withIds('@Ann', bookWith(new Map([['Ann', id(1)]])))).toBe(`<@${id(1)}>`);
  expect(withNames(`<@${id(1)}>`, bookWith())).toBe(`<@${id(1)}>`);
});

test('a name that would not be read as the same one is shown as its id', () => {
  for (const content of [`你好<@${id(0)}>`, `<@${id(0)}>你好`, `<@${id(0)}> B`, `\`<@${id(0)}>\``])
    expect(withNames(content, book)).toBe(content);
});

test('a person who is called everyone does not take the mentions of everyone', () => {
  const taken = { people: bookOf([{ id: id(7), name: 'everyone' }]), chats: new Map<string, string>() };
  expect(withIds('@everyone', taken)).toBe('<!everyone>');
  expect(withNames('<!everyone>', taken)).toBe('@everyone');
  expect(withNames(`<@${id(7)}>`, taken)).toBe(`<@${id(7)}>`);
});

test('editing without a change changes nothing', () => {
  const mentions = [...named.map((one) => `<@${one.id}>`), `<#${id(10)}>`, `<#${id(11)}>`, '<!everyone>'];
  const parts = [...mentions, ' ', 'a', '`', '```', ', ', '\n', ' B', ' chat', '你好', '_'];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 20 }), (chosen) => {
      const content = chosen.join('');
      expect(withIds(withNames(content, book), book)).toBe(content);
    }),
  );
});

test.each([
  ['hi @', { kind: 'person', query: '', from: 3 }],
  ['hi @Ada Lov', { kind: 'person', query: 'Ada Lov', from: 3 }],
  ['#gen', { kind: 'chat', query: 'gen', from: 0 }],
  ['so :tad', { kind: 'emoji', query: 'tad', from: 3 }],
  ['so :+1', { kind: 'emoji', query: '+1', from: 3 }],
  ['a@b', undefined],
  ['at 12:30', undefined],
  [':t', undefined],
  ['https://a', undefined],
  ['@Ada went to the', undefined],
])('%j is being completed as %j', (text, token) => {
  expect(tokenAt(text, text.length)).toEqual(token);
});
