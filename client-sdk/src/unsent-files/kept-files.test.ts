import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FileContent } from '../session/file-storage.ts';
import { memoryStorage } from '../session/session-storage.ts';
import { mapFiles } from '../testing/map-files.ts';
import { KeptFiles } from './kept-files.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const content = new Uint8Array(3);

test('a storage that does not respond is waited for once, and used again when it does', async () => {
  const files = mapFiles();
  let respond = () => {};
  let isHanging = true;
  const answer = new Promise<void>((resolve) => (respond = resolve));
  const hanging = {
    ...files,
    async content(name: string) {
      if (isHanging) await answer;
      return files.content(name);
    },
    async add(name: string, added: FileContent) {
      if (isHanging) await answer;
      await files.add(name, added);
    },
  };
  const kept = new KeptFiles({ ...memoryStorage(), files: () => hanging }, 'ada');
  const results: boolean[] = [];
  const keepAll = async () => {
    for (const key of ['a', 'b', 'c']) results.push(await kept.keep('message', key, content));
  };
  const keeping = keepAll();
  // The deadline of one question.
  await vi.advanceTimersByTimeAsync(5_000);
  expect(results).toEqual([false, false, false]);
  await keeping;
  isHanging = false;
  respond();
  await vi.advanceTimersByTimeAsync(0);
  expect(await kept.keep('message', 'd', content)).toBe(true);
});
