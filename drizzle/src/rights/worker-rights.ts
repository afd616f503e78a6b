import { appendToLog, auditLine, none, processRow, read, type RoleRights } from './role-rights.ts';

/** It takes away what has to go, tells of it, and runs the consumers of the log. It begins nothing that people see. */
export const workerRights: RoleRights = {
  tables: {
    users: { select: ['id', 'status', 'erased_at', 'wiped_at'], update: ['wiped_at'] },
    sessions: {
      select: ['id', 'user_id', 'user_agent', 'ip', 'expires_at', 'revoked_at'],
      update: ['user_agent', 'ip'],
      delete: true,
    },
    signing_keys: { select: ['last_used_at'], delete: true },
    workspaces: read,
    workspace_heads: { select: 'all', update: ['last_seq'] },
    workspace_members: { select: 'all', update: ['left_seq'] },
    workspace_invites: {
      select: ['id', 'workspace_id', 'created_by', 'role', 'revoked_at'],
      update: ['revoked_at'],
    },
    chats: {
      select: ['id', 'workspace_id', 'chat_type', 'purged_seq', 'deleted_at', 'wiped_at'],
      update: ['name', 'request_mac', 'purged_seq', 'wiped_at'],
    },
    chat_heads: { select: 'all', update: ['last_seq'] },
    chat_members: { select: 'all', update: ['role', 'left_seq'] },
    messages: { select: 'all', update: ['version', 'body', 'mac', 'deleted_at', 'parts'] },
    reactions: { select: 'all', delete: true },
    reaction_counters: none,
    send_counters: none,
    stream_tickets: { select: ['session_id'], delete: true },
    key_checks: none,
    audit_log: { insert: auditLine },
    maintenance_jobs: {
      select: 'all',
      insert: ['name'],
      update: ['due_at', 'lease', 'leased_until', 'finished_at', 'failures'],
    },
    processes: processRow,
    consumers: { select: 'all', insert: ['name', 'pos', 'nonce'], update: ['pos', 'nonce', 'moved_at'] },
    consumer_resets: {
      select: 'all',
      insert: ['consumer', 'from_pos', 'from_nonce', 'to_pos', 'to_nonce'],
      delete: true,
    },
    rate_limits: none,
    event_log: appendToLog,
    log_order: read,
    log_tick: read,
    migrations: read,
    sql_files: read,
  },
  functions: [
    'log_step()',
    'log_add_partitions()',
    'log_forget_ticks(int)',
    'log_prune(interval)',
    'audit_prune(int, int)',
    'audit_forget_addresses(uuid, int)',
    'change_reaction(uuid, uuid, uuid, text, boolean, bigint)',
    'changed_reactions(jsonb, uuid, uuid, text, boolean, bigint)',
    'write_reactions(uuid, jsonb, jsonb, bigint)',
  ],
};
