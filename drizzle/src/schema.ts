import type { Reaction } from '@fechatter/contract';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';

// The log's own tables (event_log, log_tick, log_order) and storage settings live in the hand-written migration 0001:
// drizzle-kit emits no partitions and fill factors. Functions are in drizzle/sql.

export const role = pgEnum('role', ['Member', 'Admin', 'Owner']);
export const chatType = pgEnum('chat_type', ['Single', 'Group', 'PrivateChannel', 'PublicChannel']);
export const whoPosts = pgEnum('who_posts', ['All', 'Admins']);
/** Who may send into a chat now: nobody into an archived one. */
export const posting = pgEnum('posting', ['All', 'Admins', 'Nobody']);
export const userStatus = pgEnum('user_status', ['Active', 'Suspended']);

const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });
const id = (name: string) => uuid(name).notNull();
const seq = (name: string) => bigint(name, { mode: 'number' });
const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });
const createdAt = () => time('created_at').notNull().default(sql`now()`);

export const users = pgTable(
  'users',
  {
    id: id('id').primaryKey(),
    email: text('email').notNull(),
    fullName: text('full_name').notNull(),
    /** When its person proved that the address is theirs; null: they did not. */
    emailVerifiedAt: time('email_verified_at'),
    /**
     * Whether signing in with this address leads here. Of those who only say that an address is theirs there may be several,
     * where mail can prove it; whoever does holds it.
     */
    holdsEmail: boolean('holds_email').notNull().default(true),
    /** By which invitation they signed up, as the hash of its token: they join by it when the address is proved. */
    signupInvite: bytea('signup_invite'),
    passwordHash: text('password_hash').notNull(),
    /** Raised where all devices that know this account must become unknown to it: their tokens carry it. */
    deviceEpoch: integer('device_epoch').notNull().default(0),
    avatarUrl: text('avatar_url'),
    status: userStatus('status').notNull().default('Active'),
    createdAt: createdAt(),
    updatedAt: time('updated_at').notNull().default(sql`now()`),
    /** When the person had the account erased: it is closed and has no name or address any more. */
    erasedAt: time('erased_at'),
    /** When the last of what an erased account had written was wiped. */
    wipedAt: time('wiped_at'),
  },
  (t) => [
    uniqueIndex('users_email').on(sql`lower(${t.email} collate "C")`).where(sql`${t.holdsEmail}`),
    index('users_email_claims').on(sql`lower(${t.email} collate "C")`).where(sql`not ${t.holdsEmail}`),
    index('users_unwiped').on(t.id).where(sql`${t.erasedAt} is not null and ${t.wipedAt} is null`),
  ],
);

/**
 * One device's sign-in, and from where it was used last. `refreshHash` is that of the refresh token in force, the
 * `refreshNumber`th of its chain; `refreshCopy` says which copy of the one before it was used.
 */
export const sessions = pgTable(
  'sessions',
  {
    id: id('id').primaryKey(),
    userId: id('user_id').references(() => users.id),
    refreshHash: bytea('refresh_hash').notNull(),
    refreshNumber: integer('refresh_number').notNull().default(0),
    refreshCopy: bytea('refresh_copy'),
    rotatedAt: time('rotated_at').notNull().default(sql`now()`),
    /** The same over sign-outs, as long as the client keeps its token; null: of the time before. */
    deviceId: uuid('device_id'),
    userAgent: text('user_agent'),
    ip: text('ip'),
    createdAt: createdAt(),
    lastUsedAt: time('last_used_at').notNull().default(sql`now()`),
    expiresAt: time('expires_at').notNull(),
    revokedAt: time('revoked_at'),
  },
  (t) => [
    index('sessions_user').on(t.userId),
    index('sessions_revoked').on(t.revokedAt).where(sql`${t.revokedAt} is not null`),
  ],
);

/** What a mail is about: which texts it has, and whether a link. */
export type MailKind =
  | 'attack'
  | 'newDevice'
  | 'verify'
  | 'reset'
  | 'emailChangeAsked'
  | 'emailChanged'
  | 'passwordReset';

/** What a mail says beside its texts. */
export interface MailDetails {
  readonly userAgent?: string | null;
  readonly ip?: string;
}

/**
 * Mails that a worker has to send. One that was sent has no row any more; one that cannot be delivered keeps it for a
 * while, without its address. No token stands here: the worker makes it when it sends.
 */
export const mailJobs = pgTable(
  'mail_jobs',
  {
    id: id('id').primaryKey(),
    kind: text('kind').$type<MailKind>().notNull(),
    /** Null: whether there is such an account is looked up when it is sent. */
    userId: uuid('user_id').references(() => users.id),
    address: text('address').notNull(),
    details: jsonb('details').$type<MailDetails>().notNull().default({}),
    createdAt: createdAt(),
    expiresAt: time('expires_at').notNull(),
    dueAt: time('due_at').notNull().default(sql`clock_timestamp()`),
    attempts: integer('attempts').notNull().default(0),
    lease: uuid('lease'),
    leasedUntil: time('leased_until'),
    /** What the last attempt failed with: a code. */
    failure: text('failure'),
    /** When it was given up. */
    failedAt: time('failed_at'),
  },
  (t) => [
    index('mail_jobs_due').on(t.dueAt).where(sql`${t.failedAt} is null`),
    index('mail_jobs_user').on(t.userId),
    index('mail_jobs_failed').on(t.failedAt).where(sql`${t.failedAt} is not null`),
  ],
);

/**
 * What the links in mails carry, as hashes: good once, for half an hour, for the account and the address that they were
 * sent to.
 */
export const mailTokens = pgTable(
  'mail_tokens',
  {
    tokenHash: bytea('token_hash').primaryKey(),
    purpose: text('purpose').$type<'verify' | 'reset'>().notNull(),
    userId: id('user_id').references(() => users.id),
    address: text('address').notNull(),
    expiresAt: time('expires_at').notNull(),
  },
  (t) => [index('mail_tokens_user').on(t.userId), index('mail_tokens_expires').on(t.expiresAt)],
);

/**
 * Public halves of the keys that sign access tokens. A key signs from 60 s after its publication, and goes
 * when no server has had it for longer than a token lives.
 */
export const signingKeys = pgTable('signing_keys', {
  kid: text('kid').primaryKey(),
  publicJwk: jsonb('public_jwk').notNull(),
  createdAt: createdAt(),
  lastUsedAt: time('last_used_at').notNull().default(sql`now()`),
});

export const workspaces = pgTable('workspaces', {
  id: id('id').primaryKey(),
  name: text('name').notNull(),
  description: text('description'),
  /** Messages older than so many days are purged; null: never. */
  retentionDays: integer('retention_days'),
  createdAt: createdAt(),
  updatedAt: time('updated_at').notNull().default(sql`now()`),
  deletedAt: time('deleted_at'),
});

/** The counter of a workspace's events, and the lock that orders them. */
export const workspaceHeads = pgTable('workspace_heads', {
  workspaceId: uuid('workspace_id').primaryKey(),
  lastSeq: seq('last_seq').notNull().default(0),
});

/**
 * One row a membership period, from the event that began it to the event that ended it (null: open). `leftAt` is written
 * by the trigger member_left(). What becomes of ended ones: forget_periods().
 */
export const workspaceMembers = pgTable(
  'workspace_members',
  {
    workspaceId: id('workspace_id').references(() => workspaces.id),
    userId: id('user_id').references(() => users.id),
    role: role('role').notNull(),
    joinedSeq: seq('joined_seq').notNull(),
    leftSeq: seq('left_seq'),
    joinedAt: time('joined_at').notNull().default(sql`now()`),
    leftAt: time('left_at'),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.workspaceId, t.joinedSeq] }),
    uniqueIndex('workspace_members_open').on(t.workspaceId, t.userId).where(sql`${t.leftSeq} is null`),
    index('workspace_members_own').on(t.userId, t.workspaceId).where(sql`${t.leftSeq} is null`),
    index('workspace_members_left').on(t.userId, t.leftAt).where(sql`${t.leftSeq} is not null`),
    index('workspace_members_workspace').on(t.workspaceId, t.userId),
    check('workspace_members_left_at', sql`(${t.leftSeq} is null) = (${t.leftAt} is null)`),
  ],
);

export const workspaceInvites = pgTable(
  'workspace_invites',
  {
    id: id('id').primaryKey(),
    workspaceId: id('workspace_id').references(() => workspaces.id),
    createdBy: id('created_by').references(() => users.id),
    tokenHash: bytea('token_hash').notNull().unique('workspace_invites_token'),
    role: role('role').notNull(),
    email: text('email'),
    maxUses: integer('max_uses').notNull(),
    uses: integer('uses').notNull().default(0),
    createdAt: createdAt(),
    expiresAt: time('expires_at').notNull(),
    revokedAt: time('revoked_at'),
  },
  (t) => [
    index('workspace_invites_workspace').on(t.workspaceId),
    index('workspace_invites_created_by').on(t.createdBy),
    index('workspace_invites_email').on(sql`lower(${t.email} collate "C")`).where(sql`${t.email} is not null`),
    check('workspace_invites_uses', sql`${t.uses} between 0 and ${t.maxUses}`),
  ],
);

/** `version` is the chat's seq of the last change of its own fields. A Single chat has its pair, in id order. */
export const chats = pgTable(
  'chats',
  {
    id: id('id').primaryKey(),
    workspaceId: id('workspace_id').references(() => workspaces.id),
    chatType: chatType('chat_type').notNull(),
    name: text('name').notNull(),
    topic: text('topic'),
    whoPosts: whoPosts('who_posts').notNull().default('All'),
    archivedAt: time('archived_at'),
    version: seq('version').notNull(),
    creatorId: id('creator_id').references(() => users.id),
    clientId: uuid('client_id'),
    /** What tells a repeat of its creation from a reused clientId; null where it has none, and of the time before. */
    requestMac: bytea('request_mac'),
    singleLow: uuid('single_low'),
    singleHigh: uuid('single_high'),
    createdAt: createdAt(),
    updatedAt: time('updated_at').notNull().default(sql`now()`),
    deletedAt: time('deleted_at'),
    /** Every message up to this seq was purged. */
    purgedSeq: seq('purged_seq').notNull().default(0),
    /** When the last of its content was wiped, after it or its workspace was deleted. */
    wipedAt: time('wiped_at'),
  },
  (t) => [
    uniqueIndex('chats_pair').on(t.workspaceId, t.singleLow, t.singleHigh).where(sql`${t.singleLow} is not null`),
    uniqueIndex('chats_client_id').on(t.creatorId, t.clientId),
    index('chats_public').on(t.workspaceId, t.name, t.id).where(sql`${t.chatType} = 'PublicChannel'`),
    check(
      'chats_single',
      sql`(${t.chatType} = 'Single') = (${t.singleLow} is not null and ${t.singleHigh} is not null) and (${t.singleLow} is null or ${t.singleLow} < ${t.singleHigh})`,
    ),
  ],
);

/** The counters of a chat, and the lock that orders its events. Workspace and type never change. */
export const chatHeads = pgTable(
  'chat_heads',
  {
    chatId: uuid('chat_id').primaryKey(),
    workspaceId: id('workspace_id'),
    chatType: chatType('chat_type').notNull(),
    /** From the chat's `whoPosts` and `archivedAt`: here, because each send has this row in hand. */
    posting: posting('posting').notNull().default('All'),
    lastSeq: seq('last_seq').notNull().default(0),
    lastNumber: seq('last_number').notNull().default(0),
  },
  (t) => [index('chat_heads_workspace').on(t.workspaceId)],
);

/** One row a membership period, as in workspace_members, with how far its person has read. */
export const chatMembers = pgTable(
  'chat_members',
  {
    chatId: id('chat_id').references(() => chats.id),
    userId: id('user_id').references(() => users.id),
    role: role('role').notNull(),
    joinedSeq: seq('joined_seq').notNull(),
    leftSeq: seq('left_seq'),
    joinedAt: time('joined_at').notNull().default(sql`now()`),
    lastReadSeq: seq('last_read_seq').notNull(),
    lastReadNumber: seq('last_read_number').notNull(),
    leftAt: time('left_at'),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.chatId, t.joinedSeq] }),
    uniqueIndex('chat_members_open').on(t.chatId, t.userId).where(sql`${t.leftSeq} is null`),
    index('chat_members_own').on(t.userId, t.chatId).where(sql`${t.leftSeq} is null`),
    index('chat_members_left').on(t.userId, t.leftAt).where(sql`${t.leftSeq} is not null`),
    index('chat_members_chat').on(t.chatId, t.joinedSeq),
    check('chat_members_left_at', sql`(${t.leftSeq} is null) = (${t.leftAt} is null)`),
  ],
);

/** What few messages have beside their text. */
export interface MessageParts {
  readonly reactions?: readonly Reaction[];
}

/**
 * Messages, encrypted. A deleted one keeps its row without body. `mac` is that of the first content: it tells a retry
 * from a reused clientId. No foreign keys: rows are written by send_batch() alone, which holds the chat's head, and
 * a key share lock on the sender's row for each message would serialise a busy sender.
 */
export const messages = pgTable(
  'messages',
  {
    id: id('id').primaryKey(),
    chatId: id('chat_id'),
    seq: seq('seq').notNull(),
    number: seq('number').notNull(),
    version: seq('version').notNull(),
    senderId: id('sender_id'),
    clientId: id('client_id'),
    body: bytea('body'),
    mac: bytea('mac').notNull(),
    createdAt: time('created_at').notNull().default(sql`clock_timestamp()`),
    editedAt: time('edited_at'),
    deletedAt: time('deleted_at'),
    /** What few messages have beside their text, by the key of the contract (`reactions`); null for a plain one. */
    parts: jsonb('parts').$type<MessageParts>(),
  },
  (t) => [
    uniqueIndex('messages_seq').on(t.chatId, t.seq),
    // The sender first: see send_batch().
    uniqueIndex('messages_client_id').on(t.senderId, t.clientId, t.chatId),
    index('messages_created_at').on(t.chatId, t.createdAt),
  ],
);

/**
 * Who reacted with what. `seq` is the chat's at which it was put there. The summary that everyone is shown stands in the
 * message's parts: changed_reactions() keeps both. No foreign keys, as for messages. By person first: what is asked for is one's own, and all of one's own.
 */
export const reactions = pgTable(
  'reactions',
  {
    userId: id('user_id'),
    messageId: id('message_id'),
    emoji: text('emoji').notNull(),
    seq: seq('seq').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.messageId, t.emoji] }),
    index('reactions_message').on(t.messageId, t.emoji, t.seq),
  ],
);

/** How many reactions a person changed in the current minute: the last rows that react_held() locks. */
export const reactionCounters = pgTable('reaction_counters', {
  userId: uuid('user_id').primaryKey(),
  minute: seq('minute').notNull(),
  changed: integer('changed').notNull(),
});

/** How many messages a person sent in the current minute: the last rows that send_batch() locks. */
export const sendCounters = pgTable('send_counters', {
  userId: uuid('user_id').primaryKey(),
  minute: seq('minute').notNull(),
  sent: integer('sent').notNull(),
});

/** Short-lived keys to streams, for clients that cannot send headers. */
export const streamTickets = pgTable(
  'stream_tickets',
  {
    ticketHash: bytea('ticket_hash').primaryKey(),
    sessionId: id('session_id').references(() => sessions.id),
    connects: integer('connects').notNull().default(0),
    expiresAt: time('expires_at').notNull(),
  },
  (t) => [index('stream_tickets_session').on(t.sessionId), index('stream_tickets_expires').on(t.expiresAt)],
);

/** A known text under each encryption key in use: a ring that does not open them is not the ring of this database. */
export const keyChecks = pgTable('key_checks', {
  keyId: integer('key_id').primaryKey(),
  sealed: bytea('sealed').notNull(),
});

/**
 * Who did what to whom: ids alone, no names and no addresses of mail. A row stands in one scope: a workspace's, or an
 * account's own (the person's id). Append-only: see migration 0005.
 */
export const auditLog = pgTable(
  'audit_log',
  {
    scopeId: id('scope_id'),
    id: id('id'),
    action: text('action').notNull(),
    /** Null: the operator, or someone who is not known. */
    actorId: uuid('actor_id'),
    /** To whom it was done. */
    userId: uuid('user_id'),
    details: jsonb('details').notNull().default({}),
    address: text('address'),
    requestId: text('request_id'),
    createdAt: time('created_at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    primaryKey({ columns: [t.scopeId, t.id] }),
    index('audit_log_created_at').on(t.createdAt),
    index('audit_log_address').on(sql`coalesce(${t.actorId}, ${t.userId})`).where(sql`${t.address} is not null`),
  ],
);

/**
 * What the audit log was when it was sealed: the lines that had become visible since the seal before, each with a digest of
 * all that it says but its address, which an erasure may take. `content` is the hash of that list, `hash` that of the seal
 * before and this one. A seal whose lines were pruned keeps both, and no list. See audit_seal().
 */
export const auditSeals = pgTable(
  'audit_seals',
  {
    n: seq('n').primaryKey(),
    lines: integer('lines').notNull(),
    newestAt: time('newest_at').notNull(),
    content: bytea('content').notNull(),
    hash: bytea('hash').notNull(),
    scopeIds: uuid('scope_ids').array(),
    ids: uuid('ids').array(),
    digests: bytea('digests').array(),
    sealedAt: time('sealed_at').notNull().default(sql`clock_timestamp()`),
    prunedAt: time('pruned_at'),
    /** How long lines were kept then, and how many of these were still there. */
    prunedAfterDays: integer('pruned_after_days'),
    prunedLines: integer('pruned_lines'),
  },
  (t) => [index('audit_seals_unpruned').on(t.newestAt).where(sql`${t.prunedAt} is null`)],
);

/** The lines of the audit log that no seal has yet: written with them, so that one which commits late is in a later seal. */
export const auditUnsealed = pgTable(
  'audit_unsealed',
  { scopeId: id('scope_id'), id: id('id'), createdAt: time('created_at').notNull() },
  (t) => [primaryKey({ columns: [t.scopeId, t.id] }), index('audit_unsealed_created_at').on(t.createdAt, t.id)],
);

/** The one row of what the operator has said of the audit log: a service that was taken over cannot shorten its memory. */
export const auditSettings = pgTable(
  'audit_settings',
  { id: boolean('id').primaryKey().default(true), retentionDays: integer('retention_days').notNull().default(365) },
  (t) => [check('audit_settings_one', sql`${t.id}`), check('audit_settings_days', sql`${t.retentionDays} >= 1`)],
);

/**
 * What has to be done now and then, by any worker: when it is due, and who is at it. A lease that is not renewed ends by
 * itself; see worker/src/maintenance.
 */
export const maintenanceJobs = pgTable('maintenance_jobs', {
  name: text('name').primaryKey(),
  dueAt: time('due_at').notNull().default(sql`clock_timestamp()`),
  lease: uuid('lease'),
  leasedUntil: time('leased_until'),
  /** The last time that it came to its end. */
  finishedAt: time('finished_at'),
  /** In a row, since then. */
  failures: integer('failures').notNull().default(0),
});

/** Processes that run: each writes every few seconds that it does, and deletes its row when it stops in order. */
export const processes = pgTable('processes', {
  id: id('id').primaryKey(),
  service: text('service').notNull(),
  /** `major.minor.patch`. */
  release: text('release').notNull(),
  startedAt: time('started_at').notNull().default(sql`clock_timestamp()`),
  seenAt: time('seen_at').notNull().default(sql`clock_timestamp()`),
});

/** How far each consumer of the log has come: everything up to here had its effect (see log/consumer.ts). */
export const consumers = pgTable('consumers', {
  name: text('name').primaryKey(),
  pos: seq('pos').notNull(),
  nonce: integer('nonce').notNull(),
  movedAt: time('moved_at').notNull().default(sql`clock_timestamp()`),
});

/**
 * When a consumer could not go on from where it stood, and where it began anew: what lies between had no effect. The
 * latest 100 of each consumer are kept.
 */
export const consumerResets = pgTable(
  'consumer_resets',
  {
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    consumer: text('consumer').notNull(),
    /** Null: a new consumer, which stood nowhere. */
    fromPos: seq('from_pos'),
    fromNonce: integer('from_nonce'),
    toPos: seq('to_pos').notNull(),
    toNonce: integer('to_nonce').notNull(),
    createdAt: time('created_at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [index('consumer_resets_consumer').on(t.consumer, t.id)],
);
