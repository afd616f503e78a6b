import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

/** Where ClamAV's daemon listens. */
export interface Clamd {
  readonly host: string;
  readonly port: number;
}

/** What was found; undefined: nothing. */
export type ScanResult = { readonly signature: string | undefined };

/** clamd failed, took too long, or takes no content of this size: whether it is infected is not known. */
export class ScanError extends Error {
  override readonly name = 'ScanError';
}

export interface ScanOptions {
  readonly signal: AbortSignal;
  readonly deadlineMs?: number;
}

/** clamd itself gives up a file after two minutes (its MaxScanTime). */
const DEADLINE_MS = 300_000;
const CONNECT_MS = 10_000;
const ANSWER_MAX_BYTES = 4_096;
const END = Buffer.alloc(4);

/**
 * Streams content to clamd (INSTREAM) and returns what it found. Throws a {@link ScanError} where it cannot tell, what reading
 * the content throws, and the reason of `signal` when that aborts.
 */
export async function scanContent(
  { host, port }: Clamd,
  content: AsyncIterable<Uint8Array>,
  { signal, deadlineMs = DEADLINE_MS }: ScanOptions,
): Promise<ScanResult> {
  signal.throwIfAborted();
  const socket = connect({ host, port });
  const give = (message: string) => () => void socket.destroy(new ScanError(message));
  const connecting = setTimeout(give(`clamd at ${host}:${port} does not answer`), CONNECT_MS);
  socket.once('connect', () => clearTimeout(connecting));
  const deadline = setTimeout(give(`clamd took longer than ${deadlineMs} ms`), deadlineMs);
  const onAbort = give('the scan was stopped');
  signal.addEventListener('abort', onAbort, { once: true });
  const answer = answerOf(socket);
  // It is awaited below, also where the content cannot be read.
  answer.catch(() => {});
  try {
    await feed(socket, content);
    return resultOf(await answer);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(connecting);
    clearTimeout(deadline);
    signal.removeEventListener('abort', onAbort);
    socket.destroy();
  }
}

/** Sends the content in chunks, each after its length. If clamd takes no more, it has answered, or is gone. */
async function feed(socket: Socket, content: AsyncIterable<Uint8Array>): Promise<void> {
  if (!(await sent(socket, Buffer.from('zINSTREAM\0')))) return;
  for await (const chunk of content) {
    if (chunk.length === 0) continue;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(chunk.length);
    socket.write(length);
    if (!(await sent(socket, chunk))) return;
    await turn();
  }
  await sent(socket, END);
}

const sent = (socket: Socket, bytes: Uint8Array): Promise<boolean> =>
  new Promise((resolve) => {
    if (socket.destroyed) return resolve(false);
    // A socket that is destroyed calls no callback of a write that it had begun.
    const onClose = () => resolve(false);
    socket.once('close', onClose);
    socket.write(bytes, (error) => {
      socket.removeListener('close', onClose);
      resolve(error === null || error === undefined);
    });
  });

/** Reads as soon as something comes: where clamd takes no more, it resets the connection after its answer. */
function answerOf(socket: Socket): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.includes('\0') || text.length > ANSWER_MAX_BYTES) resolve(text);
    });
    socket.once('end', () => resolve(text));
    socket.once('error', (cause) => {
      reject(cause instanceof ScanError ? cause : new ScanError(`clamd cannot be used: ${reasonOf(cause)}`, { cause }));
    });
    socket.once('close', () => resolve(text));
  });
}

const reasonOf = (error: unknown): string => {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EPIPE' || code === 'ECONNRESET'
    ? `${code}; a StreamMaxLength below the size does that too`
    : `${code}`;
};

function resultOf(answer: string): ScanResult {
  const [line = '', ...rest] = answer.split('\0');
  if (rest.length === 0) throw new ScanError('clamd has not answered');
  if (line === 'stream: OK') return { signature: undefined };
  const signature = /^stream: (.+) FOUND$/.exec(line)?.[1];
  // With AlertExceedsMax clamd reports what it did not scan like a virus; without it, as clean.
  if (signature?.startsWith('Heuristics.Limits.Exceeded') === true)
    throw new ScanError(`the content exceeds a limit of clamd (${signature})`);
  if (signature !== undefined) return { signature };
  if (line.includes('size limit exceeded')) throw new ScanError('the content is larger than StreamMaxLength of clamd');
  throw new ScanError(`clamd answered ${JSON.stringify(line.slice(0, 200))}`);
}
