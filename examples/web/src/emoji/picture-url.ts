import type { Files } from '@fechatter/client/files';
import { chatter } from '../chatter.ts';

let files: Promise<Files> | undefined;

/** The address of a file's content; what creates it is loaded with the first file. */
export async function urlOfFile(fileId: string): Promise<string> {
  files ??= import('@fechatter/client/files').then(({ createFiles }) => createFiles(chatter));
  return (await files).urlOf(fileId);
}
