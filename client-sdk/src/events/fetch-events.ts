import { ConnectionError } from './connection-error.ts';

/** How long a response may take to begin. */
export const RESPONSE_MS = 15_000;

interface Request {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal;
  readonly responseMs: number;
}

/** A fetch that names its failures. It gives up in time, even if the platform's own ignores signals. */
export async function fetchEvents(
  fetch: typeof globalThis.fetch,
  { url, headers, signal, responseMs }: Request,
): Promise<Response> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const given = new Promise<never>((_, reject) => {
    const late = () => reject(new ConnectionError('no_answer', `no response within ${responseMs} ms`));
    timer = setTimeout(late, responseMs);
    const aborted = () => reject(new ConnectionError('unreachable', 'the request was cancelled'));
    signal.addEventListener('abort', aborted, { once: true });
    if (signal.aborted) aborted();
  });
  const response = fetch(url, { headers, signal, cache: 'no-store' }).catch((cause: unknown) => {
    throw new ConnectionError('unreachable', 'the event stream cannot be reached', { cause });
  });
  try {
    return await Promise.race([response, given]);
  } finally {
    clearTimeout(timer);
  }
}
