/**
 * For a chat on a small machine: 128 MB of cache, connections for the pools of several services, few and small
 * checkpoints.
 */
const defaults = {
  max_connections: '200',
  shared_buffers: '128MB',
  max_prepared_transactions: '0',
  idle_in_transaction_session_timeout: '60s',
  max_wal_size: '512MB',
  min_wal_size: '64MB',
  checkpoint_timeout: '10min',
  wal_compression: 'on',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] %q%u@%d ',
  log_checkpoints: 'off',
  lc_messages: 'C',
  cluster_name: 'fechatter',
};

/** Without fsync a synchronous commit is as fast as an asynchronous one, and survives a kill -9. */
const forTests = { fsync: 'off', full_page_writes: 'off' };

export interface ServerSettings {
  readonly port: number;
  readonly socketDir: string;
  readonly durable: boolean;
  readonly settings: Record<string, string>;
}

/** The settings as arguments, computed at each start. Callers cannot change where Postgres listens. */
export function settingArguments({ port, socketDir, durable, settings }: ServerSettings): string[] {
  const fixed = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: socketDir,
    unix_socket_permissions: '0700',
    logging_collector: 'off',
    log_destination: 'stderr',
  };
  const all = { ...defaults, ...(durable ? {} : forTests), ...settings, ...fixed };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
