import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { type Picture, readOutput } from './child-output.ts';
import { pictureLimits, READY, type RenderedAs } from './limits.ts';

export interface RenderOptions {
  readonly as: RenderedAs;
  readonly signal: AbortSignal;
  readonly deadlineMs?: number;
}

/** The result of reading a picture; the reason of a failure is for the log. */
export type Outcome = { readonly picture: Picture } | { readonly failure: string };

const FAILURE_MAX_CHARS = 200;
const isSource = import.meta.url.endsWith('.ts');
const script = fileURLToPath(new URL(isSource ? 'child.ts' : 'picture.js', import.meta.url));
const nodeOptions = [...(isSource ? ['--import', 'tsx'] : []), '--max-old-space-size=128'];
/**
 * The limits are the kernel's, so they apply whatever the child does, and after the death of this process. Lower limits of the
 * operator stay in force. If memory runs out, the kernel ends the child first.
 */
const limited = `{
  ulimit -c 0; ulimit -t ${pictureLimits.cpuMaxSeconds}; ulimit -d ${pictureLimits.memoryMaxKiB}
  echo 1000 > /proc/self/oom_score_adj
} 2>/dev/null; exec "$@"`;
const program = process.platform === 'linux' ? '/bin/sh' : process.execPath;
const limiting = process.platform === 'linux' ? ['-c', limited, 'sh', process.execPath] : [];
const fixedArguments = [...limiting, ...nodeOptions, script];

/**
 * Reads a picture in a process of its own, which has no environment, and ends it after the deadline. A crash, a limit and an
 * output that is no result are failures of the picture. Throws if the content cannot be read, if the child cannot start, and
 * when `signal` aborts.
 */
export async function renderInChild(
  content: AsyncIterable<Uint8Array>,
  { as, signal, deadlineMs = pictureLimits.deadlineMs }: RenderOptions,
): Promise<Outcome> {
  signal.throwIfAborted();
  const args = [...fixedArguments, as];
  const child = spawn(program, args, { cwd: dirname(script), env: {}, stdio: ['pipe', 'pipe', 'pipe'] });
  const kill = () => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  const timer = setTimeout(kill, deadlineMs);
  try {
    const exited = once(child, 'close');
    const [output, said, fed, [code, killedBy]] = await Promise.all([
      outputOf(child.stdout, kill),
      outputOf(child.stderr, kill),
      feed(content, child),
      exited as Promise<[number | null, string | null]>,
    ]);
    signal.throwIfAborted();
    if (fed !== undefined) throw fed;
    if (output.toString('latin1', 0, 1) !== READY)
      throw new Error(`the process for pictures cannot begin: ${said.toString().slice(0, FAILURE_MAX_CHARS)}`);
    const picture = code === 0 ? readOutput(output.subarray(1)) : undefined;
    if (picture !== undefined) return { picture };
    return { failure: said.toString().slice(0, FAILURE_MAX_CHARS) || `ended with ${code ?? killedBy}` };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
    kill();
  }
}

/** All bytes, up to the limit. */
async function outputOf(stream: Readable, kill: () => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > pictureLimits.writtenMaxBytes) kill();
    else chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Returns the error that prevented reading the content, except that the child stopped reading. */
async function feed(content: AsyncIterable<Uint8Array>, child: ChildProcess): Promise<unknown> {
  let failure: unknown;
  const read = async function* () {
    try {
      yield* content;
    } catch (error) {
      failure = error;
      child.kill('SIGKILL');
      throw error;
    }
  };
  if (child.stdin !== null) await pipeline(Readable.from(read()), child.stdin).catch(() => {});
  return failure;
}
