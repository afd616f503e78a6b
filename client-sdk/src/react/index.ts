export {
  useChat,
  useChats,
  useConnection,
  useMarkRead,
  useMembers,
  useMessages,
  useSend,
  useSlice,
  useUnread,
  useUnsent,
  useWorkspaces,
} from './hooks.ts';
export { FechatterProvider, type FechatterProviderProps, useStore } from './provider.ts';
