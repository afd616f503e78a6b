import { deleteMessage } from './delete.ts';
import { edit } from './edit.ts';
import { get } from './get.ts';
import { list } from './list.ts';
import { pin } from './pin.ts';
import { react } from './react.ts';
import { reactors } from './reactors.ts';
import { readers } from './readers.ts';
import { save } from './save.ts';
import { saved } from './saved.ts';
import { search } from './search.ts';
import { send } from './send.ts';
import { unpin } from './unpin.ts';
import { unreact } from './unreact.ts';
import { unsave } from './unsave.ts';

export const message = {
  /** Messages of a chat, newest first. */
  list,
  /** One message, in its current state. */
  get,
  /** Messages of a workspace that match a search, newest first. */
  search,
  /** Who has read a message, in chats of up to 50 members. */
  readers,
  /** Sends a message, once per clientId. */
  send,
  /** Changes the content of your own message. */
  edit,
  /** Deletes a message; its place in the history stays. */
  delete: deleteMessage,
  /** Adds your reaction to a message. */
  react,
  /** Removes your reaction. */
  unreact,
  /** Who reacted with an emoji. */
  reactors,
  /** Pins a message; in channels for Admins and Owners. */
  pin,
  /** Unpins a message. */
  unpin,
  /** Saves a message for yourself. */
  save,
  /** Removes a message from those that you have saved. */
  unsave,
  /** The messages that you have saved and can read, the latest saved first. */
  saved,
};
