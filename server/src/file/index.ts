import { begin } from './begin.ts';
import { cancel } from './cancel.ts';
import { finish } from './finish.ts';
import { status } from './status.ts';
import { ticket } from './ticket.ts';

export const file = {
  /** Begins to upload a file into a chat; its parts follow over HTTP. */
  begin,
  /** A file that you can read; of one that you are uploading, the parts that have arrived. */
  status,
  /** Finishes an upload; from then on the file can be sent. */
  finish,
  /** Deletes a file that you have not sent. */
  cancel,
  /** A ticket for downloads by pages, for an hour. */
  ticket,
};
