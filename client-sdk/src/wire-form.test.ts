import { type Chance, chanceOf } from '@fechatter/testing/chance';
import superjson from 'superjson';
import { expect, test } from 'vitest';
import { wireForm, type Written } from './wire-form.ts';

const keys = ['id', 'a.b', String.raw`a\b`, String.raw`c\.`, '', '0', 'toString', 'ä'];
/** Any value of JSON and dates. */
function valueBy(chance: Chance, depth = 4): unknown {
  const kind = chance.below(depth === 0 ? 5 : 8);
  if (kind < 5) return [null, 'text', chance.below(1_000), chance.hits(0.5), new Date(chance.below(1e12))][kind];
  const inner = Array.from({ length: chance.below(4) }, () => valueBy(chance, depth - 1));
  return kind === 5 ? inner : Object.fromEntries(inner.map((value) => [chance.pick(keys), value]));
}
const sent = (written: unknown) => JSON.parse(JSON.stringify(written)) as Written;

test('superjson reads what the writer writes, and the reader reads what superjson writes', () => {
  const chance = chanceOf(20_261_129);
  for (let count = 0; count < 2_000; count += 1) {
    const value = valueBy(chance);
    expect(superjson.deserialize(sent(wireForm.serialize(value)) as never)).toEqual(value);
    expect(wireForm.deserialize(sent(superjson.serialize(value)))).toEqual(value);
  }
  for (const value of [undefined, { missing: undefined, at: new Date(0) }])
    expect(wireForm.deserialize(sent(superjson.serialize(value)))).toStrictEqual(value);
  expect(superjson.deserialize(sent(wireForm.serialize(undefined)) as never)).toBeUndefined();
});

test('a value that a response has twice is read twice, and a hostile path changes nothing', () => {
  const at = new Date(5);
  const person = { name: 'Ann', at };
  expect(wireForm.deserialize(sent(superjson.serialize({ one: person, other: person })))).toEqual({
    one: person,
    other: person,
  });
  const values = { '__proto__.polluted': ['Date'], 'constructor.prototype.polluted': ['undefined'] } as const;
  expect(wireForm.deserialize({ json: { a: 1 }, meta: { values } })).toEqual({ a: 1 });
  expect('polluted' in {}).toBe(false);
});
