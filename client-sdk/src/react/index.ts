export { useCreateStore } from './use-create-store.ts';
export { type PushesView, usePushes } from './use-pushes.ts';
export { type SearchInput, type SearchView, useSearch } from './use-search.ts';
export {
  useChat,
  useChats,
  useConnection,
  useEmoji,
  useFirstUnread,
  useMarkRead,
  useMarkUnread,
  useMentions,
  usePreferences,
  useMembers,
  useMessage,
  useMessages,
  usePinning,
  usePins,
  usePresence,
  useReactions,
  useReaders,
  useSaved,
  useSaving,
  useSend,
  useSetTyping,
  useSlice,
  useSystemLines,
  useTyping,
  useUnread,
  useUnsent,
  useWorkspaces,
} from './hooks.ts';
export { useFollowThread, useMarkThreadRead, useThread, useThreads } from './thread-hooks.ts';
export { FechatterProvider, type FechatterProviderProps, useStore } from './provider.ts';
