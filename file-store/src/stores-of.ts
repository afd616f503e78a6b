import { createFolderStore } from './folder-store.ts';
import { createS3Store, type S3Settings } from './s3-store.ts';
import { createFileStores, type FileStores } from './stores.ts';

type GivenWithS3 = 'endpoint' | 'bucket' | 'accessKeyId' | 'secretAccessKey';

/** The settings `files` of a service that determine where objects are. */
export interface StoreSettings {
  readonly store: 'folder' | 's3';
  readonly folder: string;
  readonly s3: Omit<S3Settings, GivenWithS3> & { readonly [K in GivenWithS3]: string | undefined };
}

/** The stores that the settings name: the folder always, S3 where a bucket is given. */
export function storesOf({ store, folder, s3 }: StoreSettings): FileStores {
  return createFileStores(store === 's3' ? 'S3' : 'Folder', {
    Folder: createFolderStore(folder),
    S3: isComplete(s3) ? createS3Store(s3) : undefined,
  });
}

/** Settings that are given in part were refused before. */
function isComplete(s3: StoreSettings['s3']): s3 is S3Settings {
  const { endpoint, bucket, accessKeyId, secretAccessKey } = s3;
  return [endpoint, bucket, accessKeyId, secretAccessKey].every((value) => value !== undefined);
}
