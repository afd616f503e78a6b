import { limits } from '@fechatter/contract';
import { createFileKeys, type FileKeys, type RingKey } from '@fechatter/drizzle';
import { type FileStores, sealedSize, storesOf } from '@fechatter/file-store';
import { BytesInFlight, type Config } from '@fechatter/service-kit';

/** The dependencies of reading and writing the content of files. */
export interface FileContent {
  readonly stores: FileStores;
  readonly keys: FileKeys;
  /** The memory that uploads and downloads use. */
  readonly inFlight: BytesInFlight;
  /** How much of it one upload holds. */
  readonly uploadBytes: number;
  /** Whether files are scanned for viruses. */
  readonly areScanned: boolean;
  /** How many bytes were received and sent since this process began. */
  readonly counts: { received: number; sent: number };
}

const MIB = 1_048_576;
/** One address can use a quarter of the room; with S3, where an upload holds a whole object, that is four uploads. */
const transfersMax = {
  Folder: { perAddress: 32 * MIB, altogether: 128 * MIB },
  S3: { perAddress: 40 * MIB, altogether: 160 * MIB },
} as const;
/** The memory of one upload or download: two reads of the store, what one of them becomes, and what waits in the socket. */
export const TRANSFER_BYTES = MIB;

export function createFileContent({ files }: Pick<Config<'server'>, 'files'>, ring: readonly RingKey[]): FileContent {
  const stores = storesOf(files);
  return {
    stores,
    keys: createFileKeys(ring),
    inFlight: new BytesInFlight(transfersMax[stores.current]),
    uploadBytes: TRANSFER_BYTES + (stores.current === 'S3' ? sealedSize(limits.filePartBytes) : 0),
    areScanned: files.clamav.host !== undefined,
    counts: { received: 0, sent: 0 },
  };
}
