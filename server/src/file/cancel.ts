import { FileRef } from '@fechatter/contract';
import { z } from 'zod';
import { authed } from '../procedures.ts';
import { cancelFile } from './cancel-file.ts';

export const cancel = authed('write')
  .input(FileRef)
  .output(z.void())
  .meta({
    keyPermission: 'message.send',
    openapi: {
      method: 'DELETE',
      path: '/files/{file_id}',
      successStatus: 204,
      summary: 'Cancel an upload',
      description:
        'Deletes a file that you have uploaded, or begun to, and not sent. Its size stops counting a moment later.',
      tags: ['file'],
      refusals: ['file_not_found'],
    },
  })
  .mutation(({ ctx, input: { fileId } }) => cancelFile(ctx, fileId));
