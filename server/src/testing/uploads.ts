import { type File, limits } from '@fechatter/contract';
import type { Person } from './person.ts';

/** What a test uploads. */
export type Upload = ({ readonly chatId: string } | { readonly workspaceId: string }) & {
  readonly bytes: Uint8Array;
  readonly name?: string;
  readonly mime?: string;
  readonly asFile?: boolean;
};

const bearer = ({ session }: Person) => ({ authorization: `Bearer ${session.token}` });

/** Sends a part of an upload. */
export const putPart = (
  { url }: { readonly url: string },
  person: Person,
  fileId: string,
  part: number | string,
  body: Uint8Array,
): Promise<Response> =>
  fetch(`${url}/api/files/${fileId}/parts/${part}`, { method: 'PUT', headers: bearer(person), body: body as never });

/** Uploads a file in parts, the last first, and finishes it. */
export async function uploaded(
  app: { readonly url: string },
  person: Person,
  { bytes, name = 'a file.bin', mime, asFile, ...place }: Upload,
): Promise<File> {
  const { fileId, partCount } = await person.trpc.file.begin.mutate({
    ...place,
    name,
    size: bytes.length,
    ...(mime !== undefined && { mime }),
    ...(asFile !== undefined && { asFile }),
  });
  for (let part = partCount; part >= 1; part--) {
    const at = (part - 1) * limits.filePartBytes;
    const { status } = await putPart(app, person, fileId, part, bytes.subarray(at, at + limits.filePartBytes));
    if (status !== 204) throw new Error(`part ${part} was refused: ${status}`);
  }
  return person.trpc.file.finish.mutate({ fileId });
}

/** Downloads a file with the person's token. */
export const download = (
  { url }: { readonly url: string },
  person: Person,
  fileId: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> => fetch(`${url}/f/${fileId}`, { headers: { ...bearer(person), ...headers } });

/** Bytes that differ from place to place. */
export function someBytes(sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  for (let at = 0; at < sizeBytes; at++) bytes[at] = (at * 31 + (at >> 8)) % 251;
  return bytes;
}
