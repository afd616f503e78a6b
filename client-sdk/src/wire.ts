import type { Event as WireEvent } from '@fechatter/contract';
import type { procedures as notifyProcedures } from '@fechatter/notify';
import type { procedures as serverProcedures } from '@fechatter/server';
import type { ErrorShape } from '@fechatter/service-kit';
import type { TRPCBuiltRouter } from '@trpc/server';

// The types of the services; the build writes this file out as plain types.

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
  EventList,
  EventListEntry,
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
  PushContent,
  PushSubscriptionRow,
  QuietHours,
  Reaction,
  Reason,
  Role,
  SavedMessage,
  SearchHit,
  Session,
  Signal,
  Thread,
  ThreadSummary,
  File,
  User,
  UserExportLine,
  Webhook,
  WebhookKind,
  Workspace,
  WorkspaceExportLine,
} from '@fechatter/contract';
export type { ErrorShape, WireEvent };

/** Every procedure of both services. */
export type FechatterProcedures = typeof serverProcedures & typeof notifyProcedures;

/** Every procedure under one root, as tRPC's own tools want it. */
export type FechatterRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: ErrorShape; transformer: true },
  FechatterProcedures
>;
