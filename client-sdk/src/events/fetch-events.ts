import { ConnectionError } from './connection-error.ts';

/** How long a response may take to begin. */
export const ANSWER_MS = 15_000;

interface Request {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal;
  readonly answerMs: number;
}

/** A fetch that names its failures. It gives up in time, even if the platform's own ignores signals. */
export async function fetchEvents(
  fetch: typeof globalThis.fetch,
  { url, headers, signal, answerMs }: Request,
): Promise<Response> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const given = new Promise<never>((_, reject) => {
    const late = () => reject(new ConnectionError('no_answer', `no response within ${answerMs} ms`));
    timer = setTimeout(late, answerMs);
    const aborted = () => reject(new ConnectionError('unreachable', 'the request was cancelled'));
    signal.addEventListener('abort', aborted, { once: true });
    if (signal.aborted) aborted();
  });
  const answered = fetch(url, { headers, signal, cache: 'no-store' }).catch((cause: unknown) => {
    throw new ConnectionError('unreachable', 'the event stream cannot be reached', { cause });
  });
  try {
    return await Promise.race([answered, given]);
  } finally {
    clearTimeout(timer);
  }
}
