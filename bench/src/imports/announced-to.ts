import { setTimeout as wait } from 'node:timers/promises';

const DEADLINE_MS = 30_000;
const LOOK_EVERY_MS = 50;

/** The new chats that a person receives events of. */
export interface Announced extends AsyncDisposable {
  /** Waits until `wanted` chats have come, or for half a minute; returns how many have. Throws if the stream had a gap. */
  count(wanted: number): Promise<number>;
}

/** Follows the plain stream of a person from now on. */
export async function announcedTo(notifyUrl: string, token: string): Promise<Announced> {
  const stop = new AbortController();
  const response = await fetch(`${notifyUrl}/api/notifications/events`, {
    headers: { authorization: `Bearer ${token}` },
    signal: stop.signal,
  });
  if (!response.ok || response.body === null) throw new Error(`the stream was refused with ${response.status}`);
  const created: string[] = [];
  const failures: unknown[] = [];
  const reading = (async () => {
    let rest = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const frames = (rest + chunk).split('\n\n');
      rest = frames.pop() ?? '';
      for (const frame of frames) {
        const kind = /^event: (.*)$/m.exec(frame)?.[1];
        if (kind === 'reset') throw new Error(`the follower was reset: ${frame}`);
        if (kind === 'chat_update') created.push(/"chat_id":"([^"]+)"/.exec(frame)?.[1] ?? '');
      }
    }
    throw new Error('the stream of the follower ended');
  })().catch((error: unknown) => {
    failures.push(error);
  });
  return {
    async count(wanted) {
      const untilMs = performance.now() + DEADLINE_MS;
      while (failures.length === 0 && created.length < wanted && performance.now() < untilMs) await wait(LOOK_EVERY_MS);
      if (failures.length > 0) throw failures[0];
      if (new Set(created).size !== created.length) throw new Error('the follower received a new chat twice');
      return created.length;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await reading;
    },
  };
}
