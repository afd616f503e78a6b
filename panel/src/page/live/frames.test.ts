import { expect, test } from 'vitest';
import { type Frame, frames } from './frames.ts';

async function framesOf(...chunks: readonly Uint8Array[]): Promise<Frame[]> {
  const found: Frame[] = [];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  for await (const frame of frames(body)) found.push(frame);
  return found;
}

const stream =
  'event: connected\ndata: {"reconnectAfterInactivityMs":45000}\n\n\n' +
  'data: {"json":{"kind":"ready","text":"ü: 🙂"}}\nid: AZ8\n\n\n' +
  'event: ping\ndata: \n\n\n' +
  'event: restore-id\ndata: \nid: AZ9\n\n\n';

test('frames are parsed wherever the network split them', async () => {
  const bytes = new TextEncoder().encode(stream);
  const whole = await framesOf(bytes);
  expect(whole.map(({ event, id }) => [event, id])).toEqual([
    ['connected', undefined],
    ['message', 'AZ8'],
    ['ping', undefined],
    ['restore-id', 'AZ9'],
  ]);
  expect(whole[1]?.data).toBe('{"json":{"kind":"ready","text":"ü: 🙂"}}');
  expect(whole[1]?.raw).toBe('data: {"json":{"kind":"ready","text":"ü: 🙂"}}\nid: AZ8');
  expect(await framesOf(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
});

test('an incomplete frame is not returned', async () => {
  expect(await framesOf(new TextEncoder().encode('data: 1\n\ndata: 2\n'))).toMatchObject([{ data: '1' }]);
});
