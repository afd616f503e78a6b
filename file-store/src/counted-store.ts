import { type FileStore, StoreError } from './store.ts';

/** Operations on objects. */
export type StoreOperation = 'put' | 'read' | 'size' | 'delete';

/** Counts of the stores of a process since its start; a read is counted when it ends. */
export interface StoreCounts {
  readonly operations: Record<StoreOperation, number>;
  /** Of them, those that failed. */
  readonly failures: Record<StoreOperation, number>;
  /** The duration of the operations; that of a put includes waiting for the sender. */
  readonly seconds: Record<StoreOperation, number>;
}

const none = (): Record<StoreOperation, number> => ({ put: 0, read: 0, size: 0, delete: 0 });

export const noCounts = (): StoreCounts => ({ operations: none(), failures: none(), seconds: none() });

/** Counts the operations of a store. */
export function countedStore(store: FileStore, { operations, failures, seconds }: StoreCounts): FileStore {
  const timed = async <T>(operation: StoreOperation, work: () => Promise<T>): Promise<T> => {
    const begunAtMs = performance.now();
    try {
      return await work();
    } catch (error) {
      if (error instanceof StoreError) failures[operation] += 1;
      throw error;
    } finally {
      seconds[operation] += (performance.now() - begunAtMs) / 1_000;
    }
  };
  const counted = <T>(operation: StoreOperation, work: () => Promise<T>): Promise<T> => {
    operations[operation] += 1;
    return timed(operation, work);
  };
  return {
    put: (id, bytes, sizeBytes) => counted('put', () => store.put(id, bytes, sizeBytes)),
    async *read(id, range) {
      operations.read += 1;
      const chunks = store.read(id, range)[Symbol.asyncIterator]();
      try {
        for (;;) {
          const { done, value } = await timed('read', () => chunks.next());
          if (done === true) return;
          yield value;
        }
      } finally {
        await chunks.return?.();
      }
    },
    sizeOf: (id) => counted('size', () => store.sizeOf(id)),
    delete: (id) => counted('delete', () => store.delete(id)),
    list: () => store.list(),
    tidy: () => store.tidy(),
  };
}
