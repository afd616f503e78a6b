import { appendToLog, auditLine, none, processRow, read, type RoleRights } from './role-rights.ts';

/** It reads and changes what people have, and appends to both logs. Keys, places and times of creation never change. */
export const serverRights: RoleRights = {
  tables: {
    users: {
      select: 'all',
      insert: ['id', 'email', 'full_name', 'password_hash'],
      update: ['email', 'full_name', 'password_hash', 'avatar_url', 'status', 'updated_at', 'erased_at', 'wiped_at'],
    },
    sessions: {
      select: 'all',
      insert: ['id', 'user_id', 'device_id', 'refresh_hash', 'user_agent', 'ip', 'expires_at'],
      update: [
        'refresh_hash',
        'refresh_number',
        'refresh_copy',
        'rotated_at',
        'user_agent',
        'ip',
        'last_used_at',
        'expires_at',
        'revoked_at',
      ],
    },
    // It takes back those of people who are erased.
    mail_jobs: {
      select: ['id', 'user_id', 'address'],
      insert: ['id', 'kind', 'user_id', 'address', 'details', 'expires_at'],
      delete: true,
    },
    signing_keys: { select: 'all', insert: 'all', update: ['last_used_at'] },
    workspaces: {
      select: 'all',
      insert: 'all',
      update: ['name', 'description', 'retention_days', 'updated_at', 'deleted_at'],
    },
    workspace_heads: { select: 'all', insert: 'all', update: ['last_seq'] },
    workspace_members: { select: 'all', insert: 'all', update: ['role', 'left_seq'] },
    workspace_invites: { select: 'all', insert: 'all', update: ['email', 'uses', 'revoked_at'] },
    chats: {
      select: 'all',
      insert: [
        'id',
        'workspace_id',
        'chat_type',
        'name',
        'version',
        'creator_id',
        'client_id',
        'request_mac',
        'single_low',
        'single_high',
      ],
      update: ['name', 'version', 'updated_at', 'deleted_at'],
    },
    chat_heads: {
      select: 'all',
      insert: ['chat_id', 'workspace_id', 'chat_type'],
      update: ['last_seq', 'last_number'],
    },
    chat_members: {
      select: 'all',
      insert: ['chat_id', 'user_id', 'role', 'joined_seq', 'last_read_seq', 'last_read_number'],
      update: ['role', 'left_seq', 'last_read_seq', 'last_read_number'],
    },
    live_chat_members: read,
    live_workspace_members: read,
    messages: {
      select: 'all',
      insert: ['id', 'chat_id', 'seq', 'number', 'version', 'sender_id', 'client_id', 'body', 'mac'],
      update: ['version', 'body', 'mac', 'edited_at', 'deleted_at', 'parts'],
    },
    reactions: { select: 'all', insert: 'all', delete: true },
    reaction_counters: { select: 'all', insert: 'all', update: ['minute', 'changed'] },
    send_counters: { select: 'all', insert: 'all', update: ['minute', 'sent'] },
    stream_tickets: none,
    // `keys rotate` comes as the server: it drops the check values of keys that are not used any more.
    key_checks: { select: 'all', insert: 'all', delete: true },
    audit_log: { select: 'all', insert: auditLine },
    // For `doctor`, which comes as the server too.
    maintenance_jobs: read,
    processes: processRow,
    consumers: none,
    consumer_resets: none,
    rate_limits: { select: 'all', insert: 'all', update: ['points', 'expire'], delete: true },
    event_log: appendToLog,
    log_order: read,
    log_tick: read,
    migrations: read,
    sql_files: read,
  },
  functions: [
    'lock_heads(uuid[], text)',
    'send_batch(uuid[], uuid[], uuid[], uuid[], bytea[], bytea[], jsonb[], text, int, jsonb[], int)',
    'send_held(uuid[], uuid[], uuid[], uuid[], uuid[], bytea[], bytea[], jsonb[], int)',
    'react_held(uuid[], jsonb[], int)',
    'change_reaction(uuid, uuid, uuid, text, boolean, bigint)',
    'changed_reactions(jsonb, uuid, uuid, text, boolean, bigint)',
    'write_reactions(uuid, jsonb, jsonb, bigint)',
    'log_add_partitions()',
    'audit_forget_addresses(uuid, int)',
  ],
};
