import { expect, test } from 'vitest';
import { hashOfToken } from './hash-of-token.ts';
import { idOfKey, isMeantAsKey, newKeyText } from './key-text.ts';

const id = '019a0b1c-2d3e-7000-8000-0123456789ab';

test('a key says its kind and id, and no two are the same', () => {
  const keys = Array.from({ length: 200 }, () => newKeyText('fck', id));
  for (const key of keys) {
    expect(key).toMatch(/^fck_[0-9a-f]{32}_[0-9A-Za-z]{49}$/);
    expect(idOfKey('fck', key)).toBe(id);
    expect(idOfKey('fcs', key)).toBeUndefined();
  }
  expect(new Set(keys.map((key) => hashOfToken(key).toString('hex'))).size).toBe(keys.length);
});

test('a key with any character changed, missing or added is none', () => {
  const key = newKeyText('fcs', id);
  for (let at = 0; at < key.length; at++) {
    const other = key[at] === '7' ? '8' : '7';
    expect(idOfKey('fcs', key.slice(0, at) + other + key.slice(at + 1))).toBeUndefined();
  }
  for (const text of [key.slice(0, -1), `${key}0`, ` ${key}`, `${key}\n`, key.toUpperCase(), '', 'fcs_'])
    expect(idOfKey('fcs', text)).toBeUndefined();
});

test('a text is meant as a key by its beginning', () => {
  expect(['fck_x', 'fck_', 'fcs_x', 'x', '', undefined].map((text) => isMeantAsKey('fck', text))).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
