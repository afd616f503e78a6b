import { testServer } from '@fechatter/server/testing';
import { afterAll, expect, test } from 'vitest';
import type { ImportItem } from '../stream.ts';
import { heldBytes } from '../testing/held-bytes.ts';
import { importing, second } from '../testing/imported.ts';

const app = await testServer();
const imports = importing(app);
afterAll(async () => {
  await imports[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

const [FEW, MANY] = [3_000, 33_000];
const BYTES_A_MESSAGE_MAX = 100;

function* talk(count: number): Generator<ImportItem> {
  yield { type: 'chat', key: 'c', name: 'c', chatType: 'PublicChannel', members: [] };
  for (let n = 0; n < count; n++)
    yield {
      type: 'message',
      chat: 'c',
      key: `m${n}`,
      atUs: second(n),
      sender: `p${n % 10}`,
      text: [`message ${n}`],
      thread: n % 10 === 5 ? `m${n - 5}` : n % 1_000 === 3 ? 'nowhere' : undefined,
      reactions:
        n % 5 === 0
          ? [
              { emoji: '👍', people: ['p1', 'p2'] },
              { emoji: 'none', people: ['p1'] },
            ]
          : [],
      files: n % 50 === 0 ? [{ name: `${n}.txt` }] : [],
    };
}

async function* streamed(count: number) {
  yield* talk(count);
}

/** What the loader holds once everything has been read, beyond what was before. */
async function heldAfterReading(count: number): Promise<number> {
  const { workspace } = await app.workspaceOf(`owner${count}`);
  const before = heldBytes();
  let held = 0;
  const report = await imports.into(workspace.id, streamed(count), {
    isDryRun: true,
    onProgress: ({ step }) => {
      if (step === 'sorting') held = heldBytes() - before;
    },
  });
  expect(report.messages).toBe(count);
  return held;
}

test('the memory of the loader does not grow with the messages', async () => {
  await heldAfterReading(1_000);
  const few = await heldAfterReading(FEW);
  const many = await heldAfterReading(MANY);
  expect((many - few) / (MANY - FEW)).toBeLessThan(BYTES_A_MESSAGE_MAX);
});
