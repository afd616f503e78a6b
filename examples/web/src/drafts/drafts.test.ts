import { expect, test } from 'vitest';
import { Drafts, type DraftStorage } from './drafts.ts';

/** A browser's storage, with a limit of characters. */
function storageOf(maxChars = Number.POSITIVE_INFINITY): DraftStorage & { readonly items: Map<string, string> } {
  const items = new Map<string, string>();
  return {
    items,
    get length() {
      return items.size;
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    removeItem: (key) => void items.delete(key),
    setItem(key, value) {
      const others = [...items].reduce((sum, [name, text]) => sum + (name === key ? 0 : text.length), 0);
      if (others + value.length > maxChars) throw new DOMException('full', 'QuotaExceededError');
      items.set(key, value);
    },
  };
}

const blocked = (): DraftStorage => {
  throw new DOMException('blocked', 'SecurityError');
};

test('a draft is kept for the same person on the next page, and for no other person', () => {
  const storage = storageOf();
  const of = (userId: string | undefined) => new Drafts({ storage: () => storage, userId: () => userId });
  of('ada').set('chat/message', 'half a thought');
  expect(of('ada').get('chat/message')).toBe('half a thought');
  for (const other of ['bob', 'ad', 'ada.chat', undefined]) {
    expect(of(other).get('chat/message')).toBeUndefined();
    expect(of(other).names()).toEqual([]);
    of(other).clear();
  }
  expect(of('ada').names('chat/')).toEqual(['chat/message']);
});

test.each([
  ['blocked', blocked],
  ['full', () => storageOf(3)],
])('where storage is %s a draft is kept in memory, for its person alone', (_, storage) => {
  let userId = 'ada';
  const kept = storage === blocked ? undefined : storage();
  const drafts = new Drafts({ storage: () => kept ?? blocked(), userId: () => userId });
  drafts.set('chat/message', 'half a thought');
  userId = 'bob';
  expect(drafts.get('chat/message')).toBeUndefined();
  expect(drafts.names()).toEqual([]);
  userId = 'ada';
  expect(drafts.get('chat/message')).toBe('half a thought');
  expect(drafts.names('chat/')).toEqual(['chat/message']);
  drafts.set('chat/message', undefined);
  expect(drafts.get('chat/message')).toBeUndefined();
});

test('a text that no longer fits the storage does not fall back to its older version', () => {
  const kept = storageOf(10);
  const drafts = new Drafts({ storage: () => kept, userId: () => 'ada' });
  drafts.set('a', 'short');
  drafts.set('a', 'much too long for it');
  expect(drafts.get('a')).toBe('much too long for it');
  drafts.set('a', undefined);
  expect(drafts.get('a')).toBeUndefined();
  expect(kept.items.size).toBe(0);
});
