import { z } from 'zod';
import { OutputId } from '../ids.ts';

/**
 * `Uploading` is told to its uploader alone. Of a file that is `Scanning`, `Infected` or `Gone` nothing can be downloaded.
 */
export const FileState = z.enum(['Uploading', 'Scanning', 'Ready', 'Infected', 'Gone']);
export type FileState = z.infer<typeof FileState>;

/**
 * A file, without its content: that is at `/f/<id>`. `size` is in bytes, `width` and `height` in pixels, if it is a picture
 * whose size is known. `mime` is what its first bytes are, else what its sender took it for.
 */
export const File = z.object({
  id: OutputId,
  name: z.string(),
  size: z.int().nonnegative(),
  mime: z.string(),
  width: z.int().positive().nullable(),
  height: z.int().positive().nullable(),
  hasThumbnail: z.boolean(),
  state: FileState,
  createdAt: z.date(),
});
export type File = z.infer<typeof File>;
