const real = globalThis.Date;

/**
 * Sets the wall clock of this process, in which all clients live, forward or back; answers how to set it right. Only
 * what asks for the time of day sees it, as on a device whose clock is set: timers and the monotonic clock go on.
 */
export function jumpClock(byMs: number): () => void {
  globalThis.Date = new Proxy(real, {
    construct: (target, given: []) => (given.length === 0 ? new target(target.now() + byMs) : new target(...given)),
    get: (target, name) => (name === 'now' ? () => target.now() + byMs : (Reflect.get(target, name) as unknown)),
  });
  return () => {
    globalThis.Date = real;
  };
}
