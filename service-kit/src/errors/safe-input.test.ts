import superjson from 'superjson';
import { expect, test } from 'vitest';
import { readInput } from './safe-input.ts';

const undefinedAt = (json: unknown, values: unknown) => readInput({ json, meta: { values } });

test.each([
  undefined,
  null,
  7,
  'text',
  { a: 1, b: undefined, c: null },
  { a: { b: undefined, c: [undefined, 1] } },
  { 'a.b': undefined, 'a\\b': undefined },
  [undefined],
])('an input is read as superjson reads it: %j', (input) => {
  const sent = JSON.parse(JSON.stringify(superjson.serialize(input))) as unknown;
  expect(readInput(sent)).toEqual(input);
});

test('an array that is referenced twice is the same object', () => {
  const ids = ['a', 'b'];
  expect(readInput(JSON.parse(JSON.stringify(superjson.serialize({ x: ids, y: ids }))))).toEqual({ x: ids, y: ids });
});

test.each([
  ['an array of a billion numbers', { length: 1e9 }, [['typed-array', 'Float64Array']]],
  ['a pattern', '/(a+)+$/', ['regexp']],
  ['a number of a million digits', '9'.repeat(1_000_000), ['bigint']],
  ['a class', {}, [['class', 'Object']]],
  ['a date', '2026-01-01T00:00:00.000Z', ['Date']],
  ['an unknown type', 1, ['nonsense']],
  ['no type', 1, [null]],
  ['no tree', 1, 'nonsense'],
])('a value that only claims to be %s is refused', (_, json, values) => {
  for (const form of [values, { a: values }]) expect(() => undefinedAt({ a: json }, form)).toThrow(TypeError);
});

test.each(['__proto__.polluted', 'constructor.prototype.toString', '__proto__.toString', 'a.__proto__.toString'])(
  'nothing outside the input is reached by %s',
  (path) => {
    expect(undefinedAt({ a: {} }, { [path]: ['undefined'] })).toEqual({ a: {} });
    expect(typeof Object.prototype.toString).toBe('function');
  },
);

test('annotations without a limit are refused', () => {
  const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`a${n}`, ['undefined']]));
  expect(() => undefinedAt({}, { [`${'a.'.repeat(250_000)}a`]: ['undefined', many] })).toThrow(TypeError);
  let deep: unknown = ['undefined'];
  for (let n = 0; n < 5_000; n++) deep = { a: deep };
  expect(() => undefinedAt({}, deep)).toThrow(TypeError);
});

test.each([null, 7, 'x', [], {}])('a body without a json member is not an input: %j', (body) => {
  expect(readInput(body)).toBeUndefined();
});
