import { afterAll, expect, test } from 'vitest';
import { startExample } from './testing/example-process.ts';
import { PASSWORD, world } from './testing/world.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

test('the terminal chat signs up, creates a channel, and sends and shows messages', async () => {
  await using cli = startExample([process.execPath, '--import', 'tsx', 'cli/src/main.ts'], scene);
  for (const [question, answer] of [
    ['e-mail: ', 'carol@example.com'],
    ['password: ', PASSWORD],
    ['name (only', 'Carol'],
    ['which one?', 'kitchen'],
    ['write and press enter', 'is anybody there?'],
  ] as const) {
    await cli.prints(question);
    cli.type(answer);
  }
  await cli.prints('Carol: is anybody there?');
  cli.type('/quit');
  expect(await cli.closed).toEqual([0, null]);
});
