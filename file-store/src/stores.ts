import { countedStore, noCounts, type StoreCounts } from './counted-store.ts';
import { type FileStore, StoreError } from './store.ts';

/** The kinds of stores. Each object's row names the one that has it. */
export type StoreName = 'Folder' | 'S3';

/** An object, and where it is. */
export type StoredObject = { readonly id: string; readonly store: StoreName };

/** The stores of a deployment: new objects are stored in one of them, and older objects stay where they are. */
export interface FileStores {
  /** The store for new objects. */
  readonly current: StoreName;
  /** Those that are configured. */
  readonly names: readonly StoreName[];
  /** Counts of their operations. */
  readonly counts: StoreCounts;
  /** A store; throws a {@link StoreError} `unavailable` if it is not configured. */
  of(name: StoreName): FileStore;
  /**
   * Reads an object where it is: if it was moved after its row was read, from the other store. Throws before the first byte
   * if it is missing.
   */
  readerOf(name: StoreName): Pick<FileStore, 'read'>;
}

/** Makes the stores of a deployment; those that are undefined are not configured. */
export function createFileStores(
  current: StoreName,
  stores: Readonly<Partial<Record<StoreName, FileStore | undefined>>>,
): FileStores {
  const counts = noCounts();
  const names = (['Folder', 'S3'] as const).filter((name) => stores[name] !== undefined);
  const of = (name: StoreName): FileStore => {
    const store = stores[name];
    if (store === undefined) throw new StoreError('unavailable', `the store ${name} is not configured`);
    return countedStore(store, counts);
  };
  return {
    current,
    names,
    counts,
    of,
    readerOf: (name) => ({
      async *read(id, { start, end }) {
        let at = start;
        try {
          for await (const bytes of of(name).read(id, { start, end })) {
            at += bytes.length;
            yield bytes;
          }
        } catch (error) {
          const other = names.find((one) => one !== name);
          if (!(error instanceof StoreError) || error.failure !== 'missing' || other === undefined) throw error;
          yield* of(other).read(id, { start: at, end });
        }
      },
    }),
  };
}

/** An object that is no longer needed; while it is moved, it may be in another store too. */
export type DoomedObject = StoredObject & { readonly otherStore: StoreName | null };

/** Deletes an object wherever it may be. */
export async function deleteObject(stores: FileStores, { id, store, otherStore }: DoomedObject): Promise<void> {
  await stores.of(store).delete(id);
  if (otherStore !== null) await stores.of(otherStore).delete(id);
}
