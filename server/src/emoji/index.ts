import { create } from './create.ts';
import { deleteEmoji } from './delete.ts';
import { list } from './list.ts';

export const emoji = {
  /** Gives a workspace an emoji of its own; for Admins and Owners. */
  create,
  /** The emoji of a workspace; for everyone in it. */
  list,
  /** Deletes an emoji of a workspace; for Admins and Owners. */
  delete: deleteEmoji,
};
