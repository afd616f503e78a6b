import type { Event, EventKind } from '../events/event.ts';
import { changeChat, chatReducers, chatRows } from './chat.ts';
import { lacksMentions } from './mentions.ts';
import { memberReducers } from './member.ts';
import { messageReducers } from './message.ts';
import type { ChatRow } from '../wire.ts';
import type { Known, Missing, Reducer } from './reducer.ts';
import type { State } from './state.ts';
import { userReducers } from './user.ts';
import { changeWorkspace, workspaceReducers, workspaces } from './workspace.ts';

const nothing = () => undefined;

const reducers: { readonly [K in EventKind]: Reducer<K> } = {
  ...messageReducers,
  ...chatReducers,
  ...memberReducers,
  ...workspaceReducers,
  ...userReducers,
  'session.revoked': nothing,
  typing: nothing,
  'thread.read': nothing,
  'emoji.updated': nothing,
  seen: nothing,
  presence: nothing,
  ready: nothing,
  reset: nothing,
};

const noWindows: Known['windows'] = new Map();

/**
 * Applies one event to the state, in place: records are replaced, never changed. Events come in order. An event that a
 * read has already shown (because the read ran later) changes nothing, so applying from an older cursor does no harm.
 * Returns what must be read because the event does not contain it.
 */
export const applyEvent = (state: State, event: Event): Missing | undefined =>
  reduce({ windows: noWindows, ...state }, event);

/** The same, including the open windows. */
export function reduce(known: Known, event: Event): Missing | undefined {
  const before = 'chatId' in event ? known.chats.get(event.chatId) : undefined;
  const missing = reducerOf(event)(known, event) ?? missingMentions(known, before);
  if ('seq' in event && event.seq !== undefined) {
    const { chatId, seq } = event;
    changeChat(known, chatId, (row) => chatRows.raise(row, seq));
  }
  if ('workspaceSeq' in event && event.workspaceSeq !== undefined) {
    const { workspaceId = '', workspaceSeq } = event;
    changeWorkspace(known, workspaceId, (workspace) => workspaces.raise(workspace, workspaceSeq));
  }
  return missing;
}

/** The known mentions of a chat before an event do not determine those after it. */
function missingMentions({ chats }: Known, before: ChatRow | undefined): Missing | undefined {
  const after = before && chats.get(before.id);
  return after && lacksMentions(before, after) ? { chatId: after.id } : undefined;
}

/** The reducer of an event's kind takes events of that kind; TypeScript cannot see that of a union. */
const reducerOf = (event: Event) => (reducers[event.kind] ?? nothing) as Reducer<EventKind>;
