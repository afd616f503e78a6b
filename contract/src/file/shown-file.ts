import { z } from 'zod';
import { OutputId } from '../ids.ts';

/**
 * `Uploading` is shown only to its uploader. A picture is `Scanning` until the service wrote it anew without what a camera adds,
 * and every file until it was scanned for viruses, if the service does that. The content of an `Infected` one was deleted.
 * Of a file that is `Scanning`, `Infected` or `Gone` nothing can be downloaded.
 */
export const FileState = z.enum(['Uploading', 'Scanning', 'Ready', 'Infected', 'Gone']);
export type FileState = z.infer<typeof FileState>;

/**
 * A file, without its content: that is at `/f/<id>`. `size` is in bytes, `width` and `height` in pixels, if it is a picture
 * that the service could read. `mime` is what its first bytes are, else what its sender took it for. With `hasThumbnail`, a
 * small picture of it is at `/f/<id>?thumbnail=1`.
 */
export const File = z.object({
  id: OutputId,
  name: z.string(),
  size: z.int().nonnegative(),
  mime: z.string(),
  width: z.int().nonnegative().nullable(),
  height: z.int().nonnegative().nullable(),
  hasThumbnail: z.boolean(),
  state: FileState,
  createdAt: z.date(),
});
export type File = z.infer<typeof File>;
