export { useCreateStore } from './use-create-store.ts';
export {
  useChat,
  useChats,
  useConnection,
  useFirstUnread,
  useMarkRead,
  useMembers,
  useMessages,
  useReactions,
  useSend,
  useSlice,
  useUnread,
  useUnsent,
  useWorkspaces,
} from './hooks.ts';
export { FechatterProvider, type FechatterProviderProps, useStore } from './provider.ts';
