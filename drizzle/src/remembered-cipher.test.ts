import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createMessageCipher } from './message-cipher.ts';
import { rememberOpened } from './remembered-cipher.ts';

const ring = [{ id: 1, key: Buffer.alloc(32, 1) }];
const chat = randomUUID();
const id = randomUUID();

test('a body is decrypted once', () => {
  const cipher = rememberOpened(createMessageCipher(ring), 10_000);
  const body = cipher.seal(chat, id, 'hi');
  expect([cipher.open(chat, id, body), cipher.open(chat, id, Buffer.from(body))]).toEqual(['hi', 'hi']);
  expect(cipher.counts()).toEqual({ hits: 1, misses: 1, entries: 1 });
});

test('an edited or re-encrypted message is another body', () => {
  const cipher = rememberOpened(createMessageCipher(ring), 10_000);
  cipher.open(chat, id, cipher.seal(chat, id, 'hi'));
  expect(cipher.open(chat, id, cipher.seal(chat, id, 'edited'))).toBe('edited');
  const renewed = createMessageCipher([{ id: 2, key: Buffer.alloc(32, 2) }, ...ring]);
  const reader = rememberOpened(renewed, 10_000);
  reader.open(chat, id, cipher.seal(chat, id, 'hi'));
  expect(reader.open(chat, id, renewed.seal(chat, id, 'hi'))).toBe('hi');
  expect(reader.counts()).toEqual({ hits: 0, misses: 2, entries: 1 });
});

test('a body moved to another message or chat, or changed, is refused as before', () => {
  const cipher = rememberOpened(createMessageCipher(ring), 10_000);
  const body = cipher.seal(chat, id, 'hi');
  cipher.open(chat, id, body);
  expect(() => cipher.open(chat, randomUUID(), body)).toThrow();
  expect(() => cipher.open(randomUUID(), id, body)).toThrow();
  const changed = Buffer.from(body);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  expect(() => cipher.open(chat, id, changed)).toThrow();
  expect(() => cipher.open(chat, id, Buffer.alloc(3))).toThrow();
});

test.each([0, 2_000, 100_000])('at most %i bytes are kept, the most recently used', (maxBytes) => {
  const cipher = rememberOpened(createMessageCipher(ring), maxBytes);
  const sent = Array.from({ length: 50 }, (_, n) => ({ id: randomUUID(), content: `${n}`.repeat(n) }));
  const bodies = sent.map((message) => ({ ...message, body: cipher.seal(chat, message.id, message.content) }));
  for (const { id: messageId, body, content } of bodies) expect(cipher.open(chat, messageId, body)).toBe(content);
  const { entries } = cipher.counts();
  expect(entries * 300).toBeLessThanOrEqual(maxBytes);
  for (const { id: messageId, body } of bodies.toReversed().slice(0, entries)) cipher.open(chat, messageId, body);
  expect(cipher.counts().hits).toBe(entries);
});
