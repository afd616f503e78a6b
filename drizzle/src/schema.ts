// The log's own tables (event_log, log_tick, log_order) and storage settings live in the hand-written migration 0001:
// drizzle-kit emits no partitions and fill factors. Functions are in drizzle/sql.

export * from './schema/accounts.ts';
export * from './schema/audit.ts';
export * from './schema/bots.ts';
export * from './schema/chats.ts';
export * from './schema/emoji.ts';
export * from './schema/factors.ts';
export * from './schema/identities.ts';
export * from './schema/incoming-webhooks.ts';
export * from './schema/imports.ts';
export * from './schema/files.ts';
export * from './schema/keys.ts';
export * from './schema/mails.ts';
export * from './schema/mentions.ts';
export * from './schema/messages.ts';
export * from './schema/operation.ts';
export * from './schema/passkeys.ts';
export * from './schema/pins.ts';
export * from './schema/saved-messages.ts';
export * from './schema/preferences.ts';
export * from './schema/pushes.ts';
export * from './schema/service-keys.ts';
export * from './schema/threads.ts';
export * from './schema/presence.ts';
export * from './schema/search.ts';
export * from './schema/webhooks.ts';
export * from './schema/workspaces.ts';
