import type { Session } from '../wire.ts';
import type { FileStorage } from './file-storage.ts';

/** Keeps a session between starts of an app. Each method may be asynchronous; its errors are reported. */
export interface SessionStorage {
  load(): Session | null | Promise<Session | null>;
  save(session: Session | null): void | Promise<void>;
  /** Calls `onChange` when another tab or process has saved; returns a function that stops this. */
  watch?(onChange: (session: Session | null) => void): () => void;
  /** Runs `work` while no other tab or process does, so that only one of them refreshes. */
  exclusively?<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Keeps unsent messages of the outbox, and sign-outs that the service does not know yet. Without it they are in
   * memory.
   */
  readonly items?: ItemStorage;
  /**
   * Keeps the files of these messages; called once there is the first. Without it they are in memory, and messages with
   * files are not kept over a restart.
   */
  files?(): FileStorage | Promise<FileStorage>;
}

/** Texts by name. Each method may be asynchronous. */
export interface ItemStorage {
  names(): readonly string[] | Promise<readonly string[]>;
  get(name: string): string | null | Promise<string | null>;
  /** Null removes the item. Throws or rejects if the value cannot be kept. */
  set(name: string, value: string | null): void | Promise<void>;
}

/** Keeps the session as long as the page or process lives. */
export function memoryStorage(): SessionStorage {
  let kept: Session | null = null;
  return {
    load: () => kept,
    save(session) {
      kept = session;
    },
  };
}
