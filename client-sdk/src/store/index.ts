export type { KnownMember } from './state.ts';
export { createStore } from './create-store.ts';
export type { History, HistoryEntry, HistoryView } from './history.ts';
export type { SavedMessages, SavedView } from './saved-list.ts';
export type { Slice } from './slice.ts';
export type { LinePerson, SystemLine } from './system-line.ts';
export { withSystemLines } from './with-system-lines.ts';
export type { Connection, Store, StoreOptions, Unread, UnreadMentions } from './store.ts';
