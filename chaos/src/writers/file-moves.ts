import { createFiles } from '@fechatter/client/files';
import { createHash, randomBytes } from 'node:crypto';
import { type Chance, shuffled } from '@fechatter/testing/chance';
import { call, type Move, someChat, someoneIn } from './choices.ts';
import type { Person } from './people.ts';
import { repeatCall } from './retry.ts';
import type { Scene, SceneChat } from './scene.ts';
import { send } from './sending.ts';

const PART_MS = 30_000;
/** After this a request is repeated. */
const REQUEST_MS = 10_000;
const SMALL_BYTES = 20_000;
const FILES_AT_ONCE = 2;

/** Uploads files in parts, in any order and some of them twice, and sends a message with them. */
export const sendFile: Move = async (scene, chance) => {
  const chat = someChat(scene, chance);
  const sender = someoneIn(scene, chance, chat);
  const fileIds: string[] = [];
  for (let count = 1 + chance.below(FILES_AT_ONCE); count > 0; count--) {
    const fileId = await uploadFile(scene, chance, chat, sender);
    if (fileId !== undefined) fileIds.push(fileId);
  }
  if (fileIds.length > 0) await send(scene, chance, chat, sender, { fileIds });
};

/** Begins an upload, sends some of it, and gives it up. */
export const giveUpUpload: Move = async (scene, chance) => {
  const chat = someChat(scene, chance);
  const { client } = someoneIn(scene, chance, chat);
  const input = { chatId: chat.id, name: 'given up.bin', size: SMALL_BYTES };
  const begun = await call(scene, 'file.begin', () => client.file.begin.mutate(input));
  if (begun === undefined) return;
  if (chance.hits(0.5)) await sendPart(scene, client, begun.fileId, 1, randomBytes(SMALL_BYTES));
  await call(scene, 'file.cancel', () => client.file.cancel.mutate({ fileId: begun.fileId }));
};

/** Downloads a file that was sent, as a person who may or may not read it: refused, or the right bytes. */
export const downloadFile: Move = async (scene, chance) => {
  const file = chance.pickIfAny(scene.files);
  const chat = scene.chats.find(({ id }) => id === file?.chatId);
  if (file === undefined || chat === undefined) return;
  const { client, name } = someoneIn(scene, chance, chat);
  const files = createFiles(client);
  const viaTicket = chance.hits(0.3);
  const bytes = await repeatCall(scene.tally, () => read(viaTicket), PART_MS, 'a download');
  if (bytes.is === 'done' && bytes.value !== undefined && hashOf(bytes.value) !== file.hash)
    scene.fileMistakes.push(
      `${name} downloaded ${bytes.value.byteLength} other bytes than were uploaded as ${file.id}`,
    );

  async function read(byTicket: boolean): Promise<Uint8Array | undefined> {
    const url = byTicket ? new URL(await files.urlOf(file?.id ?? '')) : undefined;
    const path = url === undefined ? (`/f/${file?.id}` as const) : (`/${url.pathname.slice(1)}${url.search}` as const);
    const response = await client.fetch(path, { signal: AbortSignal.timeout(REQUEST_MS) });
    if (response.status >= 500 || response.status === 401) throw new Error(`a download: ${response.status}`);
    const content = new Uint8Array(await response.arrayBuffer());
    return response.ok ? content : undefined;
  }
};

async function uploadFile(
  scene: Scene,
  chance: Chance,
  chat: SceneChat,
  { client }: Person,
): Promise<string | undefined> {
  // Few files have two parts: a part has 8 MiB.
  const size = chance.hits(0.03) ? 8 * 2 ** 20 + 1 + chance.below(SMALL_BYTES) : chance.below(SMALL_BYTES);
  const content = randomBytes(size);
  const input = { chatId: chat.id, name: `file ${size}.bin`, size };
  const begun = await call(scene, 'file.begin', () => client.file.begin.mutate(input));
  if (begun === undefined) return undefined;
  const { fileId, partSize, partCount } = begun;
  for (const part of shuffled(
    Array.from({ length: partCount }, (_, index) => index + 1),
    chance,
  )) {
    const bytes = content.subarray((part - 1) * partSize, part * partSize);
    for (const again of chance.hits(0.1) ? [1, 2] : [1])
      if (!(await sendPart(scene, client, fileId, part, bytes)) && again === 1) return undefined;
  }
  const finished = await call(scene, 'file.finish', () => client.file.finish.mutate({ fileId }));
  if (finished === undefined) return undefined;
  if (finished.size !== size)
    scene.fileMistakes.push(`${fileId} has ${finished.size} bytes, and ${size} were uploaded`);
  scene.files.push({ id: fileId, chatId: chat.id, size, hash: hashOf(content) });
  return fileId;
}

/** Whether the part was taken; false also if the upload was refused. */
async function sendPart(
  scene: Scene,
  client: Person['client'],
  fileId: string,
  part: number,
  content: Uint8Array,
): Promise<boolean> {
  const put = async () => {
    const response = await client.fetch(`/api/files/${fileId}/parts/${part}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: new Uint8Array(content),
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    await response.arrayBuffer();
    if (response.status >= 500 || response.status === 401) throw new Error(`a part: ${response.status}`);
    return response.ok;
  };
  const outcome = await repeatCall(scene.tally, put, PART_MS, 'a part of a file');
  return outcome.is === 'done' && outcome.value;
}

/** The hash by which two contents are compared. */
export const hashOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
