import { expect, test } from 'vitest';
import { z } from 'zod';
import { inputOfJson, inputOfTexts } from './read-input.ts';
import { shapeOf } from './shape.ts';
import { writerOf } from './write-output.ts';

const inner = z.object({ isDone: z.boolean() });
const schema = z.object({
  oneOrOther: z.discriminatedUnion('kindOf', [
    z.object({ kindOf: z.literal('a'), firstKey: z.int() }),
    z.object({ kindOf: z.literal('b'), secondKey: inner.nullish() }),
  ]),
  byName: z.record(z.string(), inner),
  listOf: z.array(inner.readonly()).optional(),
  twoParts: inner.and(z.object({ otherHalf: z.string() })).optional(),
  openEnded: z.looseObject({ knownKey: z.string() }).optional(),
  trimmedText: z
    .string()
    .transform((text) => text.length)
    .optional(),
});
const data = {
  oneOrOther: { kindOf: 'b', secondKey: { isDone: true } },
  byName: { freeKey: { isDone: false } },
  listOf: [{ isDone: true }],
  twoParts: { isDone: true, otherHalf: 'dataInside' },
  openEnded: { knownKey: 'x', anyOther: { leftAlone: 1 } },
};
const wire = {
  one_or_other: { kind_of: 'b', second_key: { is_done: true } },
  by_name: { freeKey: { is_done: false } },
  list_of: [{ is_done: true }],
  two_parts: { is_done: true, other_half: 'dataInside' },
  open_ended: { known_key: 'x', anyOther: { leftAlone: 1 } },
};

test('names follow the schema, through any wrapper, and never the data', () => {
  expect(writerOf(shapeOf(schema, 'output'))?.(data)).toEqual(wire);
  expect(inputOfJson(shapeOf(schema, 'input'), wire)).toEqual(data);
  expect(schema.safeParse(data).success).toBe(true);
});

test('a value that does not fit is passed to the procedure unchanged', () => {
  for (const odd of [null, 7, 'x', [], [null]]) {
    expect(inputOfJson(shapeOf(z.object({ listOf: z.array(inner) }), 'input'), { list_of: odd })).toEqual({
      listOf: odd,
    });
  }
  expect(inputOfJson(shapeOf(schema, 'input'), JSON.parse('{"__proto__":{"byName":1}}'))).toEqual({});
});

test.each([
  [z.union([z.int(), z.null()]), '7', 7],
  [z.union([z.int(), z.string()]), '7', '7'],
  [z.literal([1, 2]), '2', 2],
  [z.boolean().default(false), 'true', true],
  [z.coerce.number(), '1.5', 1.5],
  [z.number(), '1e3', '1e3'],
  [z.number(), '9'.repeat(400), Infinity],
  [z.string(), 'true', 'true'],
])('a text is parsed as the expected type: %#', (expected, text, value) => {
  const shape = shapeOf(z.object({ some_key: z.string(), oneKey: expected }), 'input');
  expect(inputOfTexts(shape, (name) => (name === 'one_key' ? [text] : []))).toEqual({ oneKey: value });
});
