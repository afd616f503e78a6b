import { addMembers } from './add-members.ts';
import { archive } from './archive.ts';
import { create } from './create.ts';
import { deleteChat } from './delete.ts';
import { files } from './files.ts';
import { get } from './get.ts';
import { join } from './join.ts';
import { leave } from './leave.ts';
import { list } from './list.ts';
import { markRead } from './mark-read.ts';
import { markUnread } from './mark-unread.ts';
import { members } from './members.ts';
import { pins } from './pins.ts';
import { removeMember } from './remove-member.ts';
import { setNotifications } from './set-notifications.ts';
import { setRole } from './set-role.ts';
import { setTyping } from './set-typing.ts';
import { unarchive } from './unarchive.ts';
import { update } from './update.ts';

export const chat = {
  /** The chats that you are in, with newest message, unread count and a cursor for events. */
  list,
  /** Creates a chat, once per clientId; a Single chat once for the same two people. */
  create,
  /** A chat; for people who can read it. */
  get,
  /** Changes the name, the topic or who can post; for Admins and Owners. */
  update,
  /** Archives a chat; for Admins and Owners. */
  archive,
  /** Unarchives a chat; for Admins and Owners. */
  unarchive,
  /** Deletes a chat; for Owners. */
  delete: deleteChat,
  /** Everyone who is in a chat now. */
  members,
  /** The pinned messages of a chat, the latest pinned first. */
  pins,
  /** The files of a chat, the latest first. */
  files,
  /** Adds people of the workspace; for Admins and Owners. */
  addMembers,
  /** Changes the role of a member below you. */
  setRole,
  /** Removes a member below you. */
  removeMember,
  /** Joins a public channel. */
  join,
  /** Leaves a chat; the last Owner cannot. */
  leave,
  /** Marks a chat as read up to a seq, on all of your devices. */
  markRead,
  /** Shows others that you are typing, or that you have stopped. */
  setTyping,
  /** Marks a chat as unread from a message on, on all of your devices. */
  markUnread,
  /** Sets what notifies you in a chat, and mutes it. */
  setNotifications,
};
