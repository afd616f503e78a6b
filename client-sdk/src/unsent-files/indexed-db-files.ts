import type { FileContent, FileStorage } from '../session/file-storage.ts';

const CONTENTS = 'contents';
/** The ids of uploads, apart from the contents: changing one must not write a content again. */
const UPLOADS = 'uploads';
type StoreName = typeof CONTENTS | typeof UPLOADS;

/** Keeps files in the browser's IndexedDB, in the database with this name. Each method rejects where the browser refuses it. */
export function indexedDbFiles(name: string): FileStorage {
  let opened: Promise<IDBDatabase> | undefined;
  const open = () => {
    opened ??= openDatabase(name, () => (opened = undefined));
    opened.catch(() => (opened = undefined));
    return opened;
  };
  /** Runs requests in one transaction; resolves with the result of `work` when everything is stored. */
  async function transact<T>(
    stores: StoreName[],
    mode: IDBTransactionMode,
    work: (transaction: IDBTransaction) => () => T,
  ): Promise<T> {
    const database = await open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(stores, mode);
      const result = work(transaction);
      transaction.addEventListener('complete', () => resolve(result()));
      const onError = () => reject(transaction.error ?? new Error('the browser keeps no file'));
      transaction.addEventListener('abort', onError);
      transaction.addEventListener('error', onError);
    });
  }
  const read = <T>(store: StoreName, ask: (store: IDBObjectStore) => IDBRequest<T>) =>
    transact([store], 'readonly', (transaction) => {
      const request = ask(transaction.objectStore(store));
      return () => request.result;
    });
  return {
    names: async () => (await read(CONTENTS, (store) => store.getAllKeys())).map(String),
    content: (file) => read<FileContent | undefined>(CONTENTS, (store) => store.get(file)),
    add: (file, content) =>
      transact([CONTENTS], 'readwrite', (transaction) => {
        transaction.objectStore(CONTENTS).put(content, file);
        return () => {};
      }),
    uploadId: async (file) => (await read<string | undefined>(UPLOADS, (store) => store.get(file))) ?? null,
    setUploadId: (file, before, after) =>
      transact([UPLOADS], 'readwrite', (transaction) => {
        const store = transaction.objectStore(UPLOADS);
        const request: IDBRequest<string | undefined> = store.get(file);
        let now: string | null = null;
        request.addEventListener('success', () => {
          now = request.result ?? null;
          if (now !== before) return;
          now = after;
          if (after === null) store.delete(file);
          else store.put(after, file);
        });
        return () => now;
      }),
    remove: (file) =>
      transact([CONTENTS, UPLOADS], 'readwrite', (transaction) => {
        for (const store of [CONTENTS, UPLOADS]) transaction.objectStore(store).delete(file);
        return () => {};
      }),
  };
}

function openDatabase(name: string, onClosed: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = globalThis.indexedDB.open(`${name}.files`, 1);
    request.addEventListener('upgradeneeded', () => {
      for (const store of [CONTENTS, UPLOADS]) request.result.createObjectStore(store);
    });
    request.addEventListener('error', () => reject(request.error ?? new Error('the browser opens no database')));
    request.addEventListener('success', () => {
      const database = request.result;
      database.addEventListener('close', onClosed);
      // A later release, or the person, wants it away.
      database.addEventListener('versionchange', () => {
        database.close();
        onClosed();
      });
      resolve(database);
    });
  });
}
