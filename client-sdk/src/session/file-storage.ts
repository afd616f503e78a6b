/** What a file contains: a File or Blob of a browser, Node or React Native, or bytes. */
export type FileContent = Blob | Uint8Array<ArrayBuffer>;

/**
 * Keeps the files of unsent messages between starts of an app, by name. A method that rejects, or takes longer than a
 * minute, leaves the file in memory.
 */
export interface FileStorage {
  names(): Promise<readonly string[]>;
  /** Undefined: there is none with this name. */
  content(name: string): Promise<FileContent | undefined>;
  /** Rejects if the content cannot be kept. */
  add(name: string, content: FileContent): Promise<void>;
  /** The id under which a file is being uploaded; null if its upload has not begun. */
  uploadId(name: string): Promise<string | null>;
  /** Sets that id if it is still `before`, in one step for all tabs; returns the one that it is then. */
  setUploadId(name: string, before: string | null, after: string | null): Promise<string | null>;
  /** Removes a file with its upload's id; does nothing if there is none. */
  remove(name: string): Promise<void>;
}
