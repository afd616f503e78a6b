/** Lets a test wait for facts instead of sleeping. */
export interface AwaitedFacts<State> {
  /** The state has changed. */
  changed(): void;
  /** Resolves with the result of `fact` as soon as there is one; fails at the deadline. */
  until<T>(fact: (state: State) => T | undefined | false, deadlineMs?: number): Promise<T>;
}

const DEADLINE_MS = 120_000;

/** Waits for facts about a state that reports its changes. */
export function awaitedFacts<State>(state: () => State): AwaitedFacts<State> {
  const listeners = new Set<() => void>();
  return {
    changed: () => {
      for (const listener of listeners) listener();
    },
    until: (fact, deadlineMs = DEADLINE_MS) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          listeners.delete(check);
          reject(new Error(`not so within ${deadlineMs} ms: ${JSON.stringify(state()).slice(-3_000)}`));
        }, deadlineMs);
        const check = () => {
          const found = fact(state());
          if (found === undefined || found === false) return;
          clearTimeout(timer);
          listeners.delete(check);
          resolve(found);
        };
        listeners.add(check);
        check();
      }),
  };
}

/** Polls, for facts whose changes are not reported. */
export async function eventually<T>(
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  const untilMs = performance.now() + deadlineMs;
  while (performance.now() < untilMs) {
    const found = await ask();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`not so within ${deadlineMs} ms`);
}
