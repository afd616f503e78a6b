import { createMessageCipher } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { memoryBytes } from '../frame/process-cost.ts';
import type { StageSystem } from '../latency/stage.ts';
import { type BenchPerson, makeChat, makePeople, makeWorkspace } from '../system/people.ts';

const MESSAGES = 400;
/** Three bytes per character in UTF-8: as much as a message can hold. */
const CONTENT = '漢'.repeat(8_000);
const CALLS_A_BATCH = 20;
const READERS = 6;
/** Of each length. */
const SLOW_SENDERS = 300;
/** The body limits of signed-in and of anonymous calls; each body is sent a part at a time. */
const SLOW_BODIES = [
  { length: 1_048_576, part: 16_384 },
  { length: 4_000, part: 64 },
];
const SAMPLE_MS = 20;
const ATTACK_MS = 12_000;
const SETTLED_MS = 3_000;

/** A person and a chat whose pages have the largest possible size. */
export async function largeChat({ pool, keys }: StageSystem): Promise<{ person: BenchPerson; chatId: string }> {
  const [person] = await makePeople(pool, 1);
  if (person === undefined) throw new Error('a person is made');
  const { id: chatId } = await makeChat(pool, await makeWorkspace(pool, [person]), [person]);
  const cipher = createMessageCipher([{ id: 1, key: keys.encryptionKey }]);
  const ids = Array.from({ length: MESSAGES }, () => randomUUID());
  for (let at = 0; at < MESSAGES; at += 50) {
    const some = ids.slice(at, at + 50);
    await pool.query(`select outcome from send_batch($1, $2, $3, $4, $5, $6, null, 'brief', 0)`, [
      some.map(() => chatId),
      some.map(() => person.userId),
      some.map(() => randomUUID()),
      some,
      some.map((id) => cipher.seal(chatId, id, CONTENT)),
      some.map(() => Buffer.of(0)),
    ]);
  }
  return { person, chatId };
}

/** The peak memory of a server above idle, in bytes, while `attack` holds its sockets open. */
export async function peakAboveIdle({ server }: StageSystem, attack: () => readonly Socket[]): Promise<number> {
  await wait(SETTLED_MS);
  const idle = memoryBytes(server.pid);
  const sockets = attack();
  let peak = idle;
  for (const untilMs = performance.now() + ATTACK_MS; performance.now() < untilMs; await wait(SAMPLE_MS))
    peak = Math.max(peak, memoryBytes(server.pid));
  for (const socket of sockets) socket.destroy();
  return peak - idle;
}

/** Requests as many pages as a batch allows, and reads nothing of the response. */
export function unreadResponses(
  { keys, server }: StageSystem,
  { person, chatId }: { readonly person: BenchPerson; readonly chatId: string },
): readonly Socket[] {
  const calls = Array.from({ length: CALLS_A_BATCH }, () => 'message.list').join(',');
  const input = Array.from({ length: CALLS_A_BATCH }, (_, n) => [n, { json: { chatId, limit: 100 } }]);
  const query = new URLSearchParams({ batch: '1', input: JSON.stringify(Object.fromEntries(input)) });
  const head = `GET /trpc/${calls}?${query.toString()} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${keys.tokenFor(person)}\r\n\r\n`;
  return Array.from({ length: READERS }, () => {
    const socket = opened(server.port);
    socket.pause();
    socket.write(head);
    return socket;
  });
}

/** Anonymous requests whose bodies are sent slowly. */
export function slowBodies({ server }: StageSystem): readonly Socket[] {
  const bodies = SLOW_BODIES.flatMap((body) => Array.from({ length: SLOW_SENDERS }, () => body));
  return bodies.map(({ length, part }) => {
    const socket = opened(server.port);
    socket.resume();
    socket.write(
      `POST /trpc/auth.signin HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`,
    );
    const timer = setInterval(() => socket.write('x'.repeat(part)), 200);
    socket.once('close', () => clearInterval(timer));
    return socket;
  });
}

function opened(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  // The server may refuse it, which also bounds memory.
  socket.on('error', () => {});
  return socket;
}
