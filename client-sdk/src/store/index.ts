export type { KnownMember } from './state.ts';
export { createStore } from './create-store.ts';
export type { History, HistoryEntry, HistoryView } from './history.ts';
export type { SavedMessages, SavedView } from './saved-list.ts';
export type { Slice } from './slice.ts';
export type { Connection, Store, StoreOptions, Unread, UnreadMentions } from './store.ts';
