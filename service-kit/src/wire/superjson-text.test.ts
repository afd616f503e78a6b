import fc from 'fast-check';
import superjson from 'superjson';
import { expect, test } from 'vitest';
import { superjsonText } from './superjson-text.ts';

const oneByOne = (value: unknown) => JSON.stringify(superjson.serialize(value));

const date = fc.date({ noInvalidDate: true });
const scalar = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.integer(), fc.boolean(), fc.constant(null));
const refused = new Set(['__proto__', 'constructor', 'prototype']);
const name = fc
  .oneof(fc.string(), fc.constantFrom('createdAt', 'a.b', 'a\\b', '0', 'toJSON', ''))
  .filter((given) => !refused.has(given));

/** Trees of values that responses contain, and of others: the output must equal superjson's. */
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    scalar,
    date,
    fc.constantFrom(undefined, -0, Number.NaN, 7n),
    fc.array(tie('tree'), { maxLength: 6 }),
    fc.dictionary(name, tie('tree'), { maxKeys: 6 }),
    fc.constant(new Set([1])),
  ),
}));

/** Without repeated objects, for which superjson would add a note. */
const copy = (value: unknown): unknown => structuredClone(value);

test('any value is written byte for byte as superjson writes it', () => {
  fc.assert(
    fc.property(tree, (value) => {
      const given = copy(value);
      expect(superjsonText(given)).toBe(oneByOne(given));
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['a message with dates', { createdAt: new Date(0), editedAt: null, sender: { name: 'a', since: new Date(1) } }],
  ['a list in a list', { pages: [[{ at: new Date(2) }], []] }],
  ['a list that ends with a date', [[new Date(3)], new Date(3)]],
  ['a list below a list that ends with a date', [[[new Date(3)], new Date(3)]]],
  ['names that are numbers', { 0: { at: new Date(3) }, 1: new Date(3) }],
  ['a date alone', new Date(3)],
  ['an invalid date', { at: new Date(Number.NaN) }],
  ['what is absent', { editedAt: undefined }],
  ['nothing', undefined],
  ['an instance of a class', { error: new TypeError('x') }],
  ['a name that points elsewhere', { 'a.b': { at: new Date(4) } }],
  ['a hole in a list', { list: Array.from({ length: 2 }) }],
])('%s', (_, value) => {
  expect(superjsonText(value)).toBe(oneByOne(value));
});

test('a name that superjson refuses is refused', () => {
  const value = JSON.parse('{"__proto__":{"a":1}}') as unknown;
  expect(() => superjsonText(value)).toThrow(/__proto__/);
});

test('a repeated object is read as equal values', () => {
  const at = new Date(5);
  const text = superjsonText({ createdAt: at, updatedAt: at });
  expect(superjson.parse(text)).toEqual({ createdAt: at, updatedAt: at });
});
