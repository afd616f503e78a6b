/** Kinds of failures. `missing`: there is no such object; `full`: no space is left; `unavailable`: the store failed. */
export type StoreFailure = 'missing' | 'full' | 'unavailable';

/** A store failed. `failure` is the kind; the cause has the store's own message. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly failure: StoreFailure;

  constructor(failure: StoreFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

/** More or fewer bytes arrived than were announced: nothing was stored. */
export class WrongSizeError extends Error {
  override readonly name = 'WrongSizeError';
}

/** The bytes from `start` up to, and without, `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Keeps objects by their ids, which are UUIDs that are never used for anything else. An object is written once, and
 * exists with all of its bytes or not at all. Every method except `list` throws a {@link StoreError} if the store fails.
 */
export interface FileStore {
  /**
   * Stores an object of exactly `sizeBytes` bytes; resolves when it would survive a power cut. If `bytes` throws, or
   * has another size (a {@link WrongSizeError}), nothing is stored.
   */
  put(id: string, bytes: AsyncIterable<Uint8Array>, sizeBytes: number): Promise<void>;
  /** Reads a range, which must lie within the object. Throws before the first byte if the object is missing. */
  read(id: string, range: ByteRange): AsyncIterable<Buffer>;
  /** Undefined for an object that is not there. */
  sizeOf(id: string): Promise<number | undefined>;
  /** Deletes an object; one that is not there is no error. */
  delete(id: string): Promise<void>;
  /** The ids of all objects, in no order. It may miss those that are written or deleted meanwhile. */
  list(): AsyncIterable<string>;
  /** Removes leftovers of writers that died, if they are older than a day. */
  tidy(): Promise<void>;
}
