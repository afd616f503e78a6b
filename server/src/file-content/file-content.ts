import { createFileKeys, type FileKeys, type RingKey } from '@fechatter/drizzle';
import { createFolderStore, type FileStore } from '@fechatter/file-store';
import { BytesInFlight, type Config } from '@fechatter/service-kit';

/** What the content of files is read and written with. */
export interface FileContent {
  readonly store: FileStore;
  readonly keys: FileKeys;
  /** What uploads and downloads hold in memory. */
  readonly inFlight: BytesInFlight;
  /** How many bytes came and went since this process began. */
  readonly counts: { received: number; sent: number };
}

const MIB = 1_048_576;
/** One address can use a sixth of the room. */
const TRANSFERS_MAX = { perAddress: 16 * MIB, altogether: 96 * MIB };
/** What one upload or download holds: a read of the store, a segment, and what waits in the socket. */
export const TRANSFER_BYTES = MIB / 2;

export function createFileContent({ files }: Pick<Config<'server'>, 'files'>, ring: readonly RingKey[]): FileContent {
  return {
    store: createFolderStore(files.folder),
    keys: createFileKeys(ring),
    inFlight: new BytesInFlight(TRANSFERS_MAX),
    counts: { received: 0, sent: 0 },
  };
}
