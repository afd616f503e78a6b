import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** Counts a server's unfinished responses, to know when none is left. */
export function unfinishedResponses(server: Server): { idle(withinMs: number): Promise<boolean> } {
  const open = new Set<ServerResponse>();
  let onIdle: (() => void) | undefined;
  server.on('request', (_: IncomingMessage, response: ServerResponse) => {
    open.add(response);
    response.once('close', () => {
      open.delete(response);
      if (open.size === 0) onIdle?.();
    });
  });
  return {
    /** Whether every response is finished before the time is up. */
    idle(withinMs) {
      if (open.size === 0) return Promise.resolve(true);
      return new Promise((settle) => {
        const timer = setTimeout(settle, withinMs, false);
        onIdle = () => {
          clearTimeout(timer);
          settle(true);
        };
      });
    },
  };
}

/** Waits for work up to a deadline; true if the work is done. */
export async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((settle) => {
    timer = setTimeout(settle, ms, false);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
