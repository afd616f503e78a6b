import { createHash, randomBytes } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import S3rver from 's3rver';

interface ServedObject {
  readonly bucket: string;
  readonly key: string;
  readonly content: AsyncIterable<Buffer>;
  readonly metadata: unknown;
}

/** The parts of s3rver's store that its types leave out. */
interface ServedFiles {
  getResourcePath(bucket: string, key: string, resource: string): string;
  putMetadata(bucket: string, key: string, metadata: unknown, md5: string): Promise<void>;
  putObject(object: ServedObject): Promise<{ size: number; md5: string }>;
}

/** s3rver writes objects in place, and says that they are stored before they are written; S3 does neither. */
function storeWhole(store: ServedFiles): void {
  store.putObject = async ({ bucket, key, content, metadata }) => {
    const chunks: Buffer[] = [];
    for await (const chunk of content) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const md5 = createHash('md5').update(bytes).digest('hex');
    const path = store.getResourcePath(bucket, key, 'object');
    await mkdir(dirname(path), { recursive: true });
    const aside = `${path}.${randomBytes(6).toString('hex')}`;
    await writeFile(aside, bytes);
    await rename(aside, path);
    await store.putMetadata(bucket, key, metadata, md5);
    return { size: bytes.length, md5 };
  };
}

// Serves the bucket and the folder of its arguments, and prints its port.
const [bucket = '', directory = ''] = process.argv.slice(2);
const server = new S3rver({
  address: '127.0.0.1',
  port: 0,
  silent: true,
  directory,
  configureBuckets: [{ name: bucket, configs: [] }],
});
storeWhole((server as unknown as { store: ServedFiles }).store);
const { port } = await server.run();
console.log(port);
