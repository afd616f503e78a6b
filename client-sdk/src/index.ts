export type {
  Chat,
  ChatRow,
  ChatType,
  Event,
  EventKind,
  Me,
  Member,
  Message,
  Reason,
  Role,
  Session,
  User,
  Workspace,
} from '@fechatter/contract';
export {
  createFechatter,
  type FechatterClient,
  type FechatterExtras,
  type FechatterOptions,
} from './create-fechatter.ts';
export { type FechatterError, isFechatterError, reasonOf } from './errors.ts';
export type { ConnectionStatus, EventsOptions, EventStream } from './event-stream.ts';
export type { FechatterRouter } from './router.ts';
export { memoryStorage, type SessionStorage } from './session.ts';
