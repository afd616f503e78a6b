interface Request {
  readonly owner: object;
  readonly give: () => void;
  readonly fail: (error: Error) => void;
}

interface Lock {
  holder: Request | undefined;
  queue: Request[];
}

const aborted = () => new DOMException('aborted', 'AbortError');

/** Exclusive Web Locks of one browser: first come, first served; `steal` and `signal` as in the standard. */
export function heldLocks(): {
  /** The locks of one tab; `drop` ends the tab. */
  of(): { request: LockManager['request']; drop(): void };
} {
  const locks = new Map<string, Lock>();
  const next = (lock: Lock) => {
    if (lock.holder !== undefined) return;
    lock.holder = lock.queue.shift();
    lock.holder?.give();
  };
  const ask = (owner: object, name: string, options: LockOptions, work: LockGrantedCallback<unknown>) =>
    new Promise<unknown>((resolve, reject) => {
      const lock = locks.get(name) ?? { holder: undefined, queue: [] };
      locks.set(name, lock);
      const release = () => {
        if (lock.holder === request) lock.holder = undefined;
        next(lock);
      };
      const request: Request = {
        owner,
        fail: reject,
        give: () =>
          void setImmediate(() => {
            void Promise.resolve()
              .then(() => work({ name, mode: 'exclusive' }))
              .then(resolve, reject)
              .finally(release);
          }),
      };
      const { signal, steal = false } = options;
      if (signal?.aborted === true) return reject(aborted());
      signal?.addEventListener('abort', () => {
        if (!lock.queue.includes(request)) return;
        lock.queue = lock.queue.filter((other) => other !== request);
        reject(aborted());
      });
      if (steal) {
        lock.holder?.fail(aborted());
        lock.holder = undefined;
        lock.queue.unshift(request);
      } else lock.queue.push(request);
      return next(lock);
    });
  return {
    of() {
      const owner = {};
      const request = (name: string, options: LockOptions, work: LockGrantedCallback<unknown>) =>
        ask(owner, name, options, work);
      return {
        request: request as LockManager['request'],
        drop() {
          for (const lock of locks.values()) {
            lock.queue = lock.queue.filter((one) => one.owner !== owner);
            if (lock.holder?.owner === owner) lock.holder = undefined;
            next(lock);
          }
        },
      };
    },
  };
}
