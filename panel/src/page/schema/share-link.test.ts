import { expect, test } from 'vitest';
import { hashOfPlace, placeOfHash } from './share-link.ts';

test('a link restores the filled form', () => {
  const place = { procedure: 'message.send', input: { chatId: 'c', content: 'a?b&c=d#e%f "ü" 🙂' } };
  expect(placeOfHash(hashOfPlace(place))).toEqual(place);
  expect(placeOfHash(hashOfPlace({ procedure: 'user.me' }))).toEqual({ procedure: 'user.me' });
});

test('a link never carries a password or a token, however deep', () => {
  const input = {
    email: 'a@b.example',
    password: 'p-1',
    list: [{ refreshToken: 'p-2', deep: { ticket: 'p-3', n: 1 } }],
  };
  const hash = hashOfPlace({ procedure: 'auth.signin', input });
  expect(decodeURIComponent(hash)).not.toMatch(/p-[123]/);
  expect(placeOfHash(hash)?.input).toEqual({ email: 'a@b.example', list: [{ deep: { n: 1 } }] });
});

test('an unknown or malformed hash is ignored', () => {
  expect(['', '#', '#x', '#/', '#/a b'].map(placeOfHash)).toEqual(Array.from({ length: 5 }, () => undefined));
  expect(placeOfHash('#/chat.get?input=%7B')).toEqual({ procedure: 'chat.get' });
});
