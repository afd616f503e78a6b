import type { MemberUser } from '../wire.ts';
import { chatRows } from './chat.ts';
import type { Known, Reducers } from './reducer.ts';
import { isShownAs } from './sender.ts';

export const userReducers: Reducers<'user'> = {
  'user.updated': (known, { user }) => renameUser(known, user),
  'user.preferences'({ own }, { preferences }) {
    own.preferences = preferences;
    return undefined;
  },
};

/** A person has another name or picture, or was suspended: wherever they are shown. */
export function renameUser({ members: lists, chats, windows }: Known, user: MemberUser): undefined {
  for (const members of lists.values()) {
    const member = members.get(user.id);
    if (member !== undefined && !isSame(member.user, user)) members.set(user.id, { ...member, user });
  }
  for (const chat of chats.values()) {
    const { lastMessage } = chat;
    const isOther = chat.otherUserId === user.id;
    const isSender = lastMessage?.senderId === user.id;
    if (!(isOther && chat.name !== user.name) && !(isSender && lastMessage.senderName !== user.name)) continue;
    const renamed = chatRows.patch(chat, {
      name: isOther ? user.name : chat.name,
      lastMessage: isSender ? { ...lastMessage, senderName: user.name } : lastMessage,
    });
    chats.set(chat.id, renamed);
  }
  for (const window of windows.values()) window.rename(user);
}

const isSame = (a: MemberUser, b: MemberUser) => isShownAs(a, b) && a.status === b.status;
