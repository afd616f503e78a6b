import type pg from 'pg';

/** A message as it is staged: complete but for its place in the chat. */
export interface StagedMessage {
  readonly chatId: string;
  /** A hash of what the source calls it. */
  readonly key: string;
  readonly id: string;
  readonly clientId: string;
  readonly atUs: number;
  readonly senderId: string;
  /** Sealed; null: it was deleted. */
  readonly body: Buffer | null;
  readonly editedAtUs: number | null;
  readonly pinnedAtUs: number | null;
  readonly threadKey: string | null;
  readonly quotedKey: string | null;
  readonly mentions: { readonly userIds: readonly string[]; readonly everyone: boolean } | null;
  /** By kind, in their order. */
  readonly reactions: readonly { readonly emoji: string; readonly userIds: readonly string[] }[];
  readonly hasFiles: boolean;
}

/** The changes of a connection's temporary tables. Bodies in them are sealed, as in the table of messages. */
const tables = `
  create temp table import_staged (
    ord bigint generated always as identity, chat_id uuid, key uuid primary key, id uuid, client_id uuid, at_us bigint,
    sender_id uuid, body bytea, edited_at timestamptz(3), pinned_at timestamptz(3), thread_key uuid, quoted_key uuid,
    mentions jsonb, reactions jsonb, reaction_count int not null, has_files boolean not null)`;

const insert = `
  insert into pg_temp.import_staged (chat_id, key, id, client_id, at_us, sender_id, body, edited_at, pinned_at, thread_key,
    quoted_key, mentions, reactions, reaction_count, has_files)
  select chat_id, key, id, client_id, at_us, sender_id, body, to_timestamp(edited_us / 1000000.0),
    to_timestamp(pinned_us / 1000000.0), thread_key, quoted_key, mentions::jsonb, reactions::jsonb, reaction_count, has_files
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::uuid[], $7::bytea[], $8::bigint[], $9::bigint[],
    $10::uuid[], $11::uuid[], $12::text[], $13::text[], $14::int[], $15::boolean[])
    with ordinality m (chat_id, key, id, client_id, at_us, sender_id, body, edited_us, pinned_us, thread_key, quoted_key,
      mentions, reactions, reaction_count, has_files, n)
  order by n on conflict (key) do nothing`;

const ROWS_A_STATEMENT = 1_000;
/** Long messages: what is held in memory before it is written. */
const BYTES_A_STATEMENT = 4_194_304;

/** Messages in a temporary table, in the order of the source until they are sorted. */
export class Stage {
  readonly #client: pg.PoolClient;
  #rows: StagedMessage[] = [];
  #bytes = 0;
  /** Messages that came twice. */
  repeated = 0;

  private constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  static async open(client: pg.PoolClient): Promise<Stage> {
    await client.query(tables);
    return new Stage(client);
  }

  async add(message: StagedMessage): Promise<void> {
    this.#rows.push(message);
    this.#bytes += message.body?.length ?? 0;
    if (this.#rows.length >= ROWS_A_STATEMENT || this.#bytes >= BYTES_A_STATEMENT) await this.flush();
  }

  async flush(): Promise<void> {
    const rows = this.#rows;
    if (rows.length === 0) return;
    this.#rows = [];
    this.#bytes = 0;
    const column = <Value>(pick: (row: StagedMessage) => Value) => rows.map(pick);
    const { rowCount } = await this.#client.query({
      name: 'import-stage',
      text: insert,
      values: [
        column((row) => row.chatId),
        column((row) => row.key),
        column((row) => row.id),
        column((row) => row.clientId),
        column((row) => row.atUs),
        column((row) => row.senderId),
        column((row) => row.body),
        column((row) => row.editedAtUs),
        column((row) => row.pinnedAtUs),
        column((row) => row.threadKey),
        column((row) => row.quotedKey),
        column((row) => row.mentions && JSON.stringify(row.mentions)),
        column((row) => (row.reactions.length === 0 ? null : JSON.stringify(row.reactions))),
        column((row) => row.reactions.reduce((sum, { userIds }) => sum + userIds.length, 0)),
        column((row) => row.hasFiles),
      ],
    });
    this.repeated += rows.length - (rowCount ?? 0);
  }
}
