export { createApp } from './app.ts';
export {
  createServiceKey,
  listServiceKeys,
  revokeServiceKey,
  type ServiceKeyRow,
} from './admin/operate-service-keys.ts';
export { chatListSql } from './chat/list.ts';
export { type Deps, closeDeps, openDeps } from './deps.ts';
export { type Exported, type ExportDeps, exportedPages } from './export/operators-export.ts';
export { hashOfNothing } from './identity/hash-of-nothing.ts';
export { insertEmoji } from './emoji/insert-emoji.ts';
export { emojiOf } from './reaction/emoji.ts';
export { streamLines } from './export/stream-lines.ts';
export { type AppRouter, appRouter, procedures } from './router.ts';
export { noteGuests } from './membership/chat-memberships.ts';
export { messagePageSql } from './message/page-sql.ts';
export { type RunningServer, startServer } from './start-server.ts';
export { dropFactorsOfUser } from './user/drop-factors-of-user.ts';
export { type ProfileDeps, reinstateUser, suspendUser } from './user/suspend-user.ts';
export { verifyUser } from './user/verify-user.ts';
export { closeAccount } from './erasure/close-account.ts';
export { wipeAccount } from './erasure/wipe-accounts.ts';
export { beginWorkspace } from './workspace/begin-workspace.ts';
export { setRetentionOf } from './retention/set-retention.ts';
export { placeOf } from './file-content/write-part.ts';
