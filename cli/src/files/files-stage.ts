import { accessOf } from '@fechatter/drizzle/testing';
import { storesOf } from '@fechatter/file-store';
import { faultyProxy, startS3Server } from '@fechatter/file-store/testing';
import { download, someBytes, testServer, uploaded } from '@fechatter/server/testing';
import { testConfig, testEnvironment } from '@fechatter/service-kit/testing';
import { photo } from '@fechatter/worker/testing';
import { join } from 'node:path';
import { runCli } from '../run-cli.ts';

/** Two servers, one for each store, a proxy before the bucket that can fail, and the command line with their settings. */
export async function filesStage() {
  const s3 = await startS3Server();
  const proxy = await faultyProxy(s3.settings.endpoint);
  const ofS3 = {
    FECHATTER_FILES_S3_ENDPOINT: proxy.url,
    FECHATTER_FILES_S3_BUCKET: s3.settings.bucket,
    FECHATTER_FILES_S3_ACCESS_KEY_ID: s3.settings.accessKeyId,
    FECHATTER_FILES_S3_SECRET_ACCESS_KEY: s3.settings.secretAccessKey,
  };
  const app = await testServer(ofS3);
  const newer = await app.another({ FECHATTER_FILES_STORE: 's3' });
  const { alice, chat } = await app.chatOf('alice', 'bob');
  const chatId = chat.id;
  const { folder } = app.deps.config.files;
  const environment = {
    ...testEnvironment,
    ...ofS3,
    // `files` runs as the server.
    FECHATTER_DATABASE_URL: accessOf(app.database, 'server').url,
    FECHATTER_FILES_FOLDER: folder,
  };
  const stores = storesOf(testConfig('server', environment).files);
  const cli = async (line: string) => {
    let out = '';
    let err = '';
    const code = await runCli(line.split(' '), {
      env: environment,
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      signal: new AbortController().signal,
    });
    return { code, out, err };
  };
  const bytes = someBytes(100_000);
  const upload = (server = app) => uploaded(server, alice, { chatId, bytes });
  const picture = async () => uploaded(app, alice, { chatId, bytes: await photo(6), name: 'a.jpg' });
  const objectsOf = (fileId: string) =>
    app.database.query<{ id: string; part: number; store: 'Folder' | 'S3' }>(
      'select id, part, store from file_objects where file_id = $1 and doomed_at is null order by part',
      [fileId],
    );
  const thumbnailOf = async (fileId: string) => {
    const thumbnail = (await objectsOf(fileId)).find(({ part }) => part === 0);
    if (thumbnail === undefined) throw new Error('no thumbnail');
    return thumbnail.id;
  };
  const objectOf = async (fileId: string) => {
    const [row] = await app.database.query<{ id: string; store: 'Folder' | 'S3'; other_store: string | null }>(
      'select id, store, other_store from file_objects where file_id = $1',
      [fileId],
    );
    if (row === undefined) throw new Error('no object');
    return row;
  };
  const isWhole = async (fileId: string) => {
    const response = await download(app, alice, fileId);
    return response.status === 200 && Buffer.from(await response.arrayBuffer()).equals(Buffer.from(bytes));
  };
  const idsIn = async (name: 'Folder' | 'S3') => {
    const ids: string[] = [];
    for await (const id of stores.of(name).list()) ids.push(id);
    return ids.toSorted();
  };
  const storedIn = async (fileIds: readonly string[]) =>
    Promise.all(fileIds.map(async (id) => (await objectOf(id)).store));
  const path = (id: string) => join(folder, id.slice(-2), id.slice(-4, -2), id);

  return {
    proxy,
    app,
    newer,
    chatId,
    environment,
    stores,
    cli,
    bytes,
    upload,
    picture,
    objectsOf,
    thumbnailOf,
    objectOf,
    isWhole,
    idsIn,
    storedIn,
    path,
    alice,
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
      await s3[Symbol.asyncDispose]();
    },
  };
}
