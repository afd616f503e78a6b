import { connect, type Socket } from 'node:net';
import type { FromSubscribers, StreamRequest, ToSubscribers } from './subscribers.ts';

// Many streams in one process, read with the least possible work, because it shares the cores with the system under
// test.

const MARK = Buffer.from('BENCH-');
const MARK_DIGITS = 8;
const CONNECTING_MAX = 64;
const shared = Buffer.alloc(1_048_576);

let expected = 1;
let complete: [mark: number, atNs: string][] = [];
const seen = new Map<number, number>();
const sockets = new Map<number, Socket>();

const report = (message: FromSubscribers) => void process.send?.(message);

process.on('message', (message: ToSubscribers) => {
  if (message.kind === 'expect') ({ expected } = message);
  else if (message.kind === 'open') void openAll(message);
  else if (message.kind === 'say') sockets.get(message.stream)?.write(message.text);
  else for (const socket of sockets.values()) socket.destroy();
});
process.once('disconnect', () => process.exit());

type Opening = Extract<ToSubscribers, { kind: 'open' }>;

async function openAll(opening: Opening): Promise<void> {
  const queue = [...opening.requests.entries()].toReversed();
  await Promise.all(
    Array.from({ length: CONNECTING_MAX }, async () => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) await open(...next, opening);
    }),
  );
  report({ kind: 'opened' });
}

/** Opens one stream; resolves when its head, or its first frame, has arrived. */
function open(stream: number, { port, head, steps = [] }: StreamRequest, opening: Opening): Promise<void> {
  const frameEnd = Buffer.from(opening.frameEnd);
  const due = [...steps];
  return new Promise((resolve) => {
    let rest: Buffer | undefined;
    let isReady = false;
    const onRead = (size: number, buffer: Uint8Array): boolean => {
      let bytes = Buffer.from(buffer.buffer, buffer.byteOffset, size);
      if (rest !== undefined) bytes = Buffer.concat([rest, bytes]);
      rest = undefined;
      if (!isReady) {
        const [step] = due;
        if (bytes.includes(step?.after ?? opening.readyMark)) {
          due.shift();
          if (step !== undefined) socket.write(step.write);
          else {
            isReady = true;
            resolve();
          }
        } else rest = Buffer.from(bytes);
        return true;
      }
      if (bytes.subarray(-frameEnd.length).equals(frameEnd)) count(bytes);
      else {
        const whole = bytes.lastIndexOf(frameEnd) + 1;
        if (whole > 0) count(bytes.subarray(0, whole));
        rest = Buffer.from(bytes.subarray(whole));
      }
      return true;
    };
    const socket = connect({ port, host: '127.0.0.1', onread: { buffer: shared, callback: onRead } });
    sockets.set(stream, socket);
    socket.write(head);
    socket.on('error', (error) => report({ kind: 'lost', message: error.message }));
    socket.on('close', () => {
      sockets.delete(stream);
      if (!isReady) report({ kind: 'lost', message: `refused: ${rest?.toString().slice(0, 300) ?? 'nothing came'}` });
      resolve();
    });
  });
}

function count(bytes: Buffer): void {
  for (let at = bytes.indexOf(MARK); at >= 0; at = bytes.indexOf(MARK, at + MARK.length)) {
    const digitsAt = at + MARK.length;
    const mark = Number(bytes.toString('latin1', digitsAt, digitsAt + MARK_DIGITS));
    const times = (seen.get(mark) ?? 0) + 1;
    if (times < expected) seen.set(mark, times);
    else {
      seen.delete(mark);
      if (complete.length === 0) setImmediate(reportComplete);
      complete.push([mark, String(process.hrtime.bigint())]);
    }
  }
}

function reportComplete(): void {
  report({ kind: 'complete', messages: complete });
  complete = [];
}
