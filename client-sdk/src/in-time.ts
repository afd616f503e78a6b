/** What {@link inTime} rejects with. */
class NotInTime extends Error {
  override readonly name = 'NotInTime';
}

/** Settles as `work` does; rejects with {@link NotInTime} if that takes longer than `timeoutMs`. */
export async function inTime<T>(work: T | PromiseLike<T>, timeoutMs: number, what: string): Promise<T> {
  let timer: unknown;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NotInTime(`${what} took longer than ${timeoutMs} ms`)), timeoutMs);
    // Only in Node: a deadline must not keep the process alive.
    (timer as { unref?: () => void }).unref?.();
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer as number);
  }
}
