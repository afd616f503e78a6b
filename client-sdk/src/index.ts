export { allows } from './allows.ts';
export { type AdminOptions, createAdmin, type FechatterAdmin } from './create-admin.ts';
export { createFechatter, type FechatterClient, type FechatterExtras } from './create-fechatter.ts';
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
export type { ConnectionDetails, ConnectionStatus } from './events/connection.ts';
export { ConnectionError, type ConnectionProblem } from './events/connection-error.ts';
export type { EventTransport } from './events/transport-choice.ts';
export { FechatterOptionError, type FechatterOptions } from './fechatter-options.ts';
export { localStorageStorage, type StoragePage } from './session/local-storage.ts';
export type { FileContent, FileStorage } from './session/file-storage.ts';
export type { SessionEnd } from './session/session-keeper.ts';
export type { SignedOut, SignOutOptions } from './session/sign-out.ts';
export { type ItemStorage, memoryStorage, type SessionStorage } from './session/session-storage.ts';
export type {
  AuditEntry,
  Bot,
  BotScope,
  Chat,
  ChatRole,
  ChatRow,
  ChatType,
  Delivery,
  Emoji,
  ErrorShape,
  EventList,
  EventListEntry,
  FechatterProcedures,
  FechatterRouter,
  IncomingWebhook,
  Me,
  Member,
  MemberUser,
  Mentions,
  Message,
  NotifyLevel,
  Permission,
  Preferences,
  Presence,
  PushSubscriptionRow,
  QuietHours,
  Reaction,
  Reason,
  Role,
  SavedMessage,
  SearchHit,
  Session,
  Thread,
  ThreadSummary,
  File,
  Signal,
  User,
  UserExportLine,
  Webhook,
  WebhookKind,
  WireEvent,
  Workspace,
  WorkspaceExportLine,
} from './wire.ts';
