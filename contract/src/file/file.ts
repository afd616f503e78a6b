import { z } from 'zod';
import { ChatRef } from '../chat/chat.ts';
import { Id, OutputId } from '../ids.ts';
import { limits } from '../limits.ts';
import { NextCursor, pageInput } from '../page.ts';
import { FileName } from '../text.ts';
import { WorkspaceRef } from '../workspace/workspace.ts';
import { File } from './shown-file.ts';

/** A media type, such as `image/png`, without parameters. */
const MediaType = z
  .string()
  .max(127)
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/);

/**
 * What is going to be uploaded into a chat, or into a workspace, to become an emoji. `size` is in bytes, and 0 too; `mime` is
 * what the sender takes it for. With `asFile` a picture stays as it is; one of an emoji never does.
 */
export const FileBegin = z
  .object({
    ...ChatRef.partial().shape,
    ...WorkspaceRef.partial().shape,
    name: FileName,
    size: z.int().nonnegative(),
    mime: MediaType.optional(),
    asFile: z.boolean().optional(),
  })
  .refine(({ chatId, workspaceId }) => (chatId === undefined) !== (workspaceId === undefined), {
    message: 'Give either a chat or a workspace.',
  });
/** `partCount` parts of `partSize` bytes, the last with the rest; a file that is not sent by `expiresAt` is deleted. */
export const FileBegun = z.object({
  fileId: OutputId,
  partSize: z.int().positive(),
  partCount: z.int().nonnegative(),
  expiresAt: z.date(),
});
export const FileRef = z.object({ fileId: Id });
/** `partsReceived` are the numbers of the parts that have arrived, in order; only before it is finished. */
export const FileStatus = z.object({
  ...File.shape,
  partsReceived: z.array(z.int().positive()).optional(),
});
/** Works for downloads only, as long as its session lives and until `expiresAt`: `/f/<fileId>?ticket=<ticket>`. */
export const FileTicket = z.object({ ticket: z.string(), expiresAt: z.date() });

export const FileKind = z.enum(['image', 'video', 'audio', 'other']);
export const ChatFilesInput = ChatRef.extend({ kind: FileKind.optional(), ...pageInput });
/** A file, and the message that it came with; `threadId` if that is a reply. */
export const ChatFile = z.object({ file: File, messageId: OutputId, threadId: OutputId.nullable() });
/** The latest first. */
export const ChatFiles = z.object({ files: z.array(ChatFile), nextCursor: NextCursor });

/** How many parts a file of this size has. */
export const partCountOf = (sizeBytes: number): number => Math.ceil(sizeBytes / limits.filePartBytes);
/** The size of the part with this number, from 1; 0 for one that the file does not have. */
export const partSizeOf = (sizeBytes: number, part: number): number =>
  part < 1 || part > partCountOf(sizeBytes)
    ? 0
    : Math.min(limits.filePartBytes, sizeBytes - (part - 1) * limits.filePartBytes);
