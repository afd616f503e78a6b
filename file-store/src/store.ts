/** What a store refuses with. `missing`: there is no such object; `full`: no room is left; `unavailable`: it failed. */
export type StoreFailure = 'missing' | 'full' | 'unavailable';

/** A store failed. `failure` says in what way; the cause has the store's own words. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly failure: StoreFailure;

  constructor(failure: StoreFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

/** More or fewer bytes came than were announced: nothing was stored. */
export class WrongSizeError extends Error {
  override readonly name = 'WrongSizeError';
}

/** The bytes from `start` up to, and without, `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Keeps objects by their ids, which are UUIDs that are never used for anything else. An object is written once, and is
 * either there with all of its bytes or not there at all. Every method but `list` throws a {@link StoreError} where the
 * store fails.
 */
export interface FileStore {
  /**
   * Stores an object of exactly `sizeBytes` bytes; resolves when it would survive a power cut. Where `bytes` throws, or
   * has another size (a {@link WrongSizeError}), nothing is stored.
   */
  put(id: string, bytes: AsyncIterable<Uint8Array>, sizeBytes: number): Promise<void>;
  /** Reads a range, which must lie within the object. Throws before the first byte if the object is missing. */
  read(id: string, range: ByteRange): AsyncIterable<Buffer>;
  /** Undefined for an object that is not there. */
  sizeOf(id: string): Promise<number | undefined>;
  /** Deletes an object; one that is not there is no error. */
  delete(id: string): Promise<void>;
  /** The ids of all objects, in no order. It may miss those that come or go meanwhile. */
  list(): AsyncIterable<string>;
  /** Removes what writers that died have left, if it is older than a day. */
  tidy(): Promise<void>;
}
