import { FileRef, FileStatus } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { authed } from '../procedures.ts';
import { readFile } from './read-file.ts';

export const status = authed('read')
  .input(FileRef)
  .output(FileStatus)
  .meta({
    keyPermission: 'message.send',
    openapi: {
      method: 'GET',
      path: '/files/{file_id}',
      summary: 'Get a file',
      description:
        'A file of a message that you can read, or one that you are uploading: then `parts_received` are the numbers ' +
        'of the parts that have arrived, and you send the others to go on. The content is at `/f/{file_id}`.',
      tags: ['file'],
      refusals: ['file_not_found'],
    },
  })
  .query(async ({ ctx: { deps, principal }, input: { fileId } }) => {
    const found = await readFile(deps, principal.userId, fileId);
    if (found === undefined) throw refuse('file_not_found');
    const { file, parts } = found;
    return { ...file, ...(file.state === 'Uploading' && { partsReceived: [...parts] }) };
  });
