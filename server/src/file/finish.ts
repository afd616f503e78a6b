import { File, FileRef } from '@fechatter/contract';
import { authed } from '../procedures.ts';
import { finishFile } from './finish-file.ts';

export const finish = authed('write')
  .input(FileRef)
  .output(File)
  .meta({
    keyPermission: 'message.send',
    openapi: {
      method: 'POST',
      path: '/files/{file_id}/finish',
      successStatus: 200,
      summary: 'Finish an upload',
      description:
        'When all parts have arrived. `mime` is then what the first bytes of the file are. A picture is `Scanning` until it ' +
        'was written anew without what a camera adds (see `as_file`), and every file where they are scanned for viruses; it can ' +
        'be sent, and downloaded once it is `Ready`: ' +
        '`file_update` tells. Finishing again returns the same. Send the file with `file_ids` of a message.',
      tags: ['file'],
      refusals: ['file_not_found', 'file_not_ready', 'quota_exceeded', 'files_unavailable', 'busy'],
    },
  })
  .mutation(({ ctx: { deps, principal }, input: { fileId } }) => finishFile(deps, principal.userId, fileId));
