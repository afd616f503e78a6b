export {
  createFechatter,
  type FechatterClient,
  type FechatterExtras,
  type FechatterOptions,
} from './create-fechatter.ts';
export { type FechatterError, isFechatterError, reasonOf } from './errors.ts';
export type { EventCounts, KnownSeqs } from './events/gap-detection.ts';
export type { Event, EventKind } from './events/event.ts';
export type {
  CursorStorage,
  EventPlace,
  EventsOptions,
  EventStream,
  SubscribeOptions,
  Subscription,
} from './events/events.ts';
export type { ConnectionStatus } from './events/connection.ts';
export { localStorageStorage } from './session/local-storage.ts';
export type { SessionEnd } from './session/session-keeper.ts';
export { type ItemStorage, memoryStorage, type SessionStorage } from './session/session-storage.ts';
export type {
  AuditEntry,
  Chat,
  ChatRow,
  ChatType,
  FechatterProcedures,
  FechatterRouter,
  Me,
  Member,
  Message,
  Reason,
  Role,
  Session,
  User,
  UserExportLine,
  Workspace,
  WorkspaceExportLine,
} from './wire.ts';
