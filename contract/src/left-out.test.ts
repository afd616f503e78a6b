import { expect, test } from 'vitest';
import { z } from 'zod';
import { leftOut, Message, notEmpty } from './index.ts';
import { emptyOfMessage, fillerOf } from './message/filled.ts';

const empties = { reactions: [], quotedId: null, isSaved: false } as const;
const Note = z.object({
  id: z.string(),
  at: z.date(),
  ...leftOut({ reactions: z.array(z.string()), quotedId: z.string().nullable(), isSaved: z.boolean() }, empties),
});
type Note = z.infer<typeof Note>;
const filled = fillerOf(empties, (value) => 'id' in value && 'at' in value);
const plain: Note = { id: 'a', at: new Date(0), reactions: [], quotedId: null, isSaved: false };
const rich: Note = { id: 'b', at: new Date(1), reactions: ['x'], quotedId: 'a', isSaved: true };

/** As a server sends it: mapped, and parsed as the output of its procedure. */
const sent = ({ id, at, ...keys }: Note) => Note.parse({ id, at, ...notEmpty(keys, empties) });

test('empty keys are left out of the wire form, others are not', () => {
  expect(Object.keys(sent(plain))).toEqual(['id', 'at']);
  expect(JSON.stringify(sent(plain))).toBe('{"id":"a","at":"1970-01-01T00:00:00.000Z"}');
  expect(sent(rich)).toEqual(rich);
});

test('a reader restores the empty keys, at any depth', () => {
  const page = { notes: [sent(plain), sent(rich)], event: { kind: 'noted', note: sent(plain) }, none: null };
  expect(filled(page)).toEqual({ notes: [plain, rich], event: { kind: 'noted', note: plain }, none: null });
  const [a, b] = [filled(sent(plain)), filled(sent(plain))];
  expect(a.reactions).not.toBe(b.reactions);
});

test('the document declares the keys optional', () => {
  const unrepresentable = 'any';
  expect(z.toJSONSchema(Note, { io: 'output', unrepresentable })).toMatchObject({ required: ['id', 'at'] });
});

test('a key cannot be declared with an empty value that its schema refuses', () => {
  expect(() => leftOut({ count: z.int() }, { count: null })).toThrow(/count/);
});

test('the keys that a client fills in are those that a Message may leave out', () => {
  const optional = Object.entries(Message.shape).filter(([, schema]) => z.safeParse(schema, undefined).success);
  expect(Object.keys(emptyOfMessage)).toEqual(optional.map(([key]) => key));
});
