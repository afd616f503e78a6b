import type { FechatterClient } from '../create-fechatter.ts';
import { Backoff } from '../events/backoff.ts';
import type { Emoji } from '../wire.ts';
import { persistently } from './persistently.ts';
import { upload } from './upload.ts';

/** A picture of at most 1 MiB that becomes `:name:` in a workspace. */
export interface EmojiInput {
  readonly workspaceId: string;
  /** 2 to 32 of a to z, 0 to 9 and `_`. */
  readonly name: string;
  readonly content: Blob | Uint8Array<ArrayBuffer>;
}

const PAUSES = { firstMs: 250, maxMs: 4_000 };
const WAIT_MAX_MS = 120_000;

/** Uploads the picture of an emoji, waits until the service has made it small, and creates the emoji. */
export async function createEmoji(
  client: FechatterClient,
  { workspaceId, name, content }: EmojiInput,
  signal: AbortSignal,
): Promise<Emoji> {
  let file = await upload(client, { workspaceId, content, name }, { signal });
  const backoff = new Backoff(PAUSES);
  const beganAtMs = performance.now();
  while (file.state === 'Scanning' && performance.now() - beganAtMs < WAIT_MAX_MS) {
    await backoff.pause(signal);
    file = await persistently(() => client.file.status.query({ fileId: file.id }), signal);
  }
  return persistently(() => client.emoji.create.mutate({ workspaceId, name, fileId: file.id }), signal);
}
