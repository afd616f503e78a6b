import { deleteMessage } from './delete.ts';
import { edit } from './edit.ts';
import { get } from './get.ts';
import { list } from './list.ts';
import { react } from './react.ts';
import { reactors } from './reactors.ts';
import { readers } from './readers.ts';
import { send } from './send.ts';
import { unreact } from './unreact.ts';

export const message = {
  /** Messages of a chat, newest first. */
  list,
  /** One message, as it stands now. */
  get,
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
};
