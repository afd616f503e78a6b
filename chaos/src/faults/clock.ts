const real = globalThis.Date;

/**
 * Moves the wall clock of this process, in which all clients run, forward or back; returns a function that restores it.
 * Only the time of day changes, as on a device whose clock is set: timers and the monotonic clock go on.
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
