import { createFiles } from '@fechatter/client/files';
import { able, call, type Move, sentIn, someChat, someoneIn } from './choices.ts';
import type { Person } from './people.ts';
import { repeatCall } from './retry.ts';
import type { Scene } from './scene.ts';
import { send } from './sending.ts';

const UPLOAD_MS = 30_000;
const NAMES = ['parrot', 'dodo', 'moa'];
/** A PNG of one pixel. */
const PICTURE = Uint8Array.from(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
);

/** Sends a picture: a worker writes it anew, and everyone who sees the message receives `file.updated`. */
export const sendPicture: Move = async (scene, chance) => {
  const chat = someChat(scene, chance);
  const sender = someoneIn(scene, chance, chat);
  const fileId = await uploaded(scene, sender, { chatId: chat.id });
  if (fileId !== undefined) await send(scene, chance, chat, sender, { fileIds: [fileId] });
};

/** Makes emoji of the pictures that workers have finished, and deletes some of them. */
export const keepEmoji: Move = async (scene, chance) => {
  const { id: workspaceId, owner } = chance.pick(scene.workspaces);
  const { emoji, file } = owner.client;
  const name = chance.pick(NAMES);
  if (chance.hits(0.3)) {
    await call(scene, 'emoji.delete', () => emoji.delete.mutate({ workspaceId, name }));
    return;
  }
  const picture = scene.pictures.find((one) => one.workspaceId === workspaceId);
  if (picture === undefined) {
    const fileId = await uploaded(scene, owner, { workspaceId });
    if (fileId !== undefined) scene.pictures.push({ fileId, workspaceId });
    return;
  }
  const { fileId } = picture;
  const found = await call(scene, 'file.status', () => file.status.query({ fileId }));
  if (found?.state === 'Scanning') return;
  scene.pictures.splice(scene.pictures.indexOf(picture), 1);
  await call(scene, 'emoji.create', () => emoji.create.mutate({ workspaceId, name, fileId }));
};

/** Reacts with an emoji of the workspace, if it is there. */
export const reactWithEmoji: Move = async (scene, chance) => {
  const message = sentIn(scene, chance);
  if (message?.acked === undefined) return;
  const { client } = chance.pick(able(scene));
  const input = { chatId: message.chatId, messageId: message.acked.id, emoji: `:${chance.pick(NAMES)}:` };
  const verb = chance.hits(0.7) ? 'react' : 'unreact';
  await call(scene, `message.${verb}`, () => client.message[verb].mutate(input));
};

async function uploaded(
  scene: Scene,
  { client }: Person,
  place: { readonly chatId: string } | { readonly workspaceId: string },
): Promise<string | undefined> {
  const files = createFiles(client);
  const upload = () =>
    files.upload({ ...place, name: 'a picture.png', content: PICTURE }, { signal: AbortSignal.timeout(UPLOAD_MS) });
  const outcome = await repeatCall(scene.tally, upload, UPLOAD_MS, 'a picture');
  return outcome.is === 'done' ? outcome.value.id : undefined;
}
