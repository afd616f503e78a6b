import { expect, test } from 'vitest';
import { z } from 'zod';
import type { JsonSchema } from '../../panel-document.ts';
import { blank } from './blank.ts';
import { fits, shaped } from './shape.ts';
import { withoutValue, withValue } from './value-at-path.ts';

const jsonSchema = (schema: z.ZodType) =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as unknown as JsonSchema;
const blankOf = (schema: z.ZodType, ids: Record<string, string> = {}) => {
  const root = jsonSchema(schema);
  return blank(root, { root, idFor: (key) => ids[key] });
};

test('a blank input has the required keys and no optional ones', () => {
  const schema = z.object({
    name: z.string().min(1),
    kind: z.enum(['Small', 'Large']),
    place: z.object({ row: z.int().min(3), note: z.string().optional() }),
    labels: z.array(z.string()).min(1),
    isOpen: z.boolean(),
    owner: z.string().nullable(),
    size: z.number().optional(),
  });
  expect(blankOf(schema)).toEqual({
    name: '',
    kind: 'Small',
    place: { row: 3 },
    labels: [''],
    isOpen: false,
    owner: '',
  });
});

test('known ids and defaults are filled in', () => {
  const schema = z.object({ chatId: z.uuid(), memberIds: z.array(z.uuid()).min(1), limit: z.int().default(50) });
  expect(blankOf(schema, { chatId: 'a', userId: 'b' })).toEqual({ chatId: 'a', memberIds: ['b'] });
  expect(blankOf(z.int().default(50).nullable())).toBe(50);
  expect(blankOf(z.object({ clientId: z.uuid() }))).toEqual({ clientId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
});

test('a recursive schema is followed as deep as the value', () => {
  type Tree = { name: string; children: Tree[] };
  const tree: z.ZodType<Tree> = z.object({ name: z.string(), children: z.array(z.lazy(() => tree)) });
  expect(blankOf(tree)).toEqual({ name: '', children: [] });
});

test('null is offered separately from the other type', () => {
  const root = jsonSchema(z.union([z.object({ a: z.literal('x') }), z.object({ b: z.int() }), z.null()]));
  const { shape, isNullable } = shaped(root, root);
  expect([shape.kind, isNullable]).toEqual(['variants', true]);
  const text = jsonSchema(z.string().max(5).nullable());
  expect(shaped(text, text)).toMatchObject({ isNullable: true, shape: { kind: 'text', maxLength: 5 } });
});

test('values that do not fit the schema are detected, so that they can be edited as JSON', () => {
  const root = jsonSchema(z.object({ count: z.int() }));
  const { shape } = shaped(root, root);
  expect([fits({ count: '7' }, shape), fits([], shape), fits(null, shape)]).toEqual([true, false, false]);
  expect(fits('7', { kind: 'number', isInteger: true })).toBe(false);
});

test('a value changes at its path and nowhere else', () => {
  const tree = { a: { b: [1, 2, 3] }, c: { d: 1 } };
  const changed = withValue(tree, ['a', 'b', 1], 9) as typeof tree;
  expect(changed).toEqual({ a: { b: [1, 9, 3] }, c: { d: 1 } });
  expect(changed.c).toBe(tree.c);
  expect(withValue(tree, ['a', 'b', 3], 4)).toMatchObject({ a: { b: [1, 2, 3, 4] } });
  expect(withoutValue(tree, ['a', 'b', 0])).toMatchObject({ a: { b: [2, 3] } });
  expect(withoutValue(tree, ['c'])).toEqual({ a: { b: [1, 2, 3] } });
});
