import { create } from './create.ts';
import { deleteIncoming } from './delete.ts';
import { list } from './list.ts';

export const incomingWebhook = {
  /** Creates an address at which programs post into a chat; for its Admins and Owners. */
  create,
  /** The incoming webhooks of a chat; for its Admins and Owners. */
  list,
  /** Deletes an incoming webhook; for Admins and Owners of its chat. */
  delete: deleteIncoming,
};
