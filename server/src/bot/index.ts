import { create } from './create.ts';
import { deleteBot } from './delete.ts';
import { list } from './list.ts';
import { rotateKey } from './rotate-key.ts';
import { update } from './update.ts';

export const bot = {
  /** Creates a bot, whose key is shown once; for Admins and Owners. */
  create,
  /** The bots of a workspace; for Admins and Owners. */
  list,
  /** Changes name, picture or scopes of a bot; for Admins and Owners. */
  update,
  /** Deletes a bot: it leaves its workspace, and its key ends; for Admins and Owners. */
  delete: deleteBot,
  /** Replaces the key of a bot; for Admins and Owners. */
  rotateKey,
};
