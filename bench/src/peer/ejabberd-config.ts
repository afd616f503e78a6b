const HOST = 'localhost';
const OCCUPANTS_MAX = 2_000;

/** The address of a room. */
export const roomAddress = (room: string): string => `${room}@conference.${HOST}`;

/** The text that opens an XMPP stream. */
export const streamHead = `<?xml version='1.0'?><stream:stream to='${HOST}' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`;

/** Its ejabberd.yml (JSON is YAML): plain XMPP on loopback, people without accounts, every message of a room archived in SQL. */
export function ejabberdConfig(port: number, postgres: URL): string {
  return JSON.stringify({
    hosts: [HOST],
    loglevel: 'error',
    listen: [{ port, ip: '127.0.0.1', module: 'ejabberd_c2s', backlog: 1_024 }],
    auth_method: ['anonymous'],
    anonymous_protocol: 'sasl_anon',
    sql_type: 'pgsql',
    sql_server: postgres.hostname,
    sql_port: Number(postgres.port),
    sql_database: postgres.pathname.slice(1),
    sql_username: decodeURIComponent(postgres.username),
    sql_password: decodeURIComponent(postgres.password),
    modules: {
      mod_mam: { db_type: 'sql', default: 'always' },
      mod_muc: {
        max_users: OCCUPANTS_MAX,
        // Presence is not broadcast: a thousand people who enter would send each other a million stanzas.
        default_room_options: { mam: true, persistent: true, max_users: OCCUPANTS_MAX, presence_broadcast: [] },
      },
    },
  });
}
