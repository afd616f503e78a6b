-- What migrations and drizzle/sql amount to. Written by `pnpm db:schema`; a test holds it against a migrated database.

create type chat_type as enum ('Single', 'Group', 'PrivateChannel', 'PublicChannel');
create type file_state as enum ('Uploading', 'Scanning', 'Ready', 'Infected', 'Gone');
create type file_store as enum ('Folder', 'S3');
create type imported_kind as enum ('Person', 'Chat', 'Emoji');
create type notify_level as enum ('All', 'Mentions', 'Nothing');
create type posting as enum ('All', 'Admins', 'Nobody');
create type role as enum ('Guest', 'Member', 'Admin', 'Owner');
create type search_state as enum ('Building', 'Active', 'Retired');
create type user_kind as enum ('Person', 'Bot');
create type user_status as enum ('Active', 'Suspended');
create type who_posts as enum ('All', 'Admins');

create table audit_log (
  scope_id uuid not null,
  id uuid not null,
  action text not null,
  actor_id uuid,
  user_id uuid,
  details jsonb default '{}'::jsonb not null,
  address text,
  request_id text,
  created_at timestamp(3) with time zone default clock_timestamp() not null,
  constraint audit_log_scope_id_id_pk PRIMARY KEY (scope_id, id)
);
CREATE INDEX audit_log_address ON public.audit_log USING btree (COALESCE(actor_id, user_id)) WHERE (address IS NOT NULL);
CREATE INDEX audit_log_created_at ON public.audit_log USING btree (created_at);

create table audit_seals (
  n bigint not null,
  lines integer not null,
  newest_at timestamp(3) with time zone not null,
  content bytea not null,
  hash bytea not null,
  scope_ids uuid[],
  ids uuid[],
  digests bytea[],
  sealed_at timestamp(3) with time zone default clock_timestamp() not null,
  pruned_at timestamp(3) with time zone,
  pruned_after_days integer,
  pruned_lines integer,
  constraint audit_seals_pkey PRIMARY KEY (n)
);
CREATE INDEX audit_seals_unpruned ON public.audit_seals USING btree (newest_at) WHERE (pruned_at IS NULL);

create table audit_settings (
  id boolean default true not null,
  retention_days integer default 365 not null,
  constraint audit_settings_pkey PRIMARY KEY (id),
  constraint audit_settings_days CHECK ((retention_days >= 1)),
  constraint audit_settings_one CHECK (id)
);

create table audit_unsealed (
  scope_id uuid not null,
  id uuid not null,
  created_at timestamp(3) with time zone not null,
  constraint audit_unsealed_scope_id_id_pk PRIMARY KEY (scope_id, id)
);
CREATE INDEX audit_unsealed_created_at ON public.audit_unsealed USING btree (created_at, id);

create table blocks (
  user_id uuid not null,
  blocked_id uuid not null,
  constraint blocks_user_id_blocked_id_pk PRIMARY KEY (user_id, blocked_id),
  constraint blocks_blocked_id_users_id_fk FOREIGN KEY (blocked_id) REFERENCES users(id),
  constraint blocks_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX blocks_blocked ON public.blocks USING btree (blocked_id);

create table bots (
  user_id uuid not null,
  workspace_id uuid not null,
  created_by uuid not null,
  scopes text[] not null,
  session_id uuid not null,
  token_hash bytea not null,
  created_at timestamp(3) with time zone default now() not null,
  deleted_at timestamp(3) with time zone,
  constraint bots_pkey PRIMARY KEY (user_id),
  constraint bots_session UNIQUE (session_id),
  constraint bots_created_by_users_id_fk FOREIGN KEY (created_by) REFERENCES users(id),
  constraint bots_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id),
  constraint bots_workspace_id_workspaces_id_fk FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
);
CREATE INDEX bots_created ON public.bots USING btree (workspace_id, created_at);
CREATE INDEX bots_deleted ON public.bots USING btree (deleted_at) WHERE (deleted_at IS NOT NULL);
CREATE INDEX bots_live ON public.bots USING btree (workspace_id, user_id) WHERE (deleted_at IS NULL);

create table chat_heads (
  chat_id uuid not null,
  workspace_id uuid not null,
  chat_type chat_type not null,
  last_seq bigint default 0 not null,
  last_number bigint default 0 not null,
  posting posting default 'All'::posting not null,
  has_guests boolean default false not null,
  constraint chat_heads_pkey PRIMARY KEY (chat_id)
) with (fillfactor=50, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000);
CREATE INDEX chat_heads_workspace ON public.chat_heads USING btree (workspace_id);

create table chat_members (
  chat_id uuid not null,
  user_id uuid not null,
  role role not null,
  joined_seq bigint not null,
  left_seq bigint,
  joined_at timestamp(3) with time zone default now() not null,
  last_read_seq bigint not null,
  last_read_number bigint not null,
  left_at timestamp(3) with time zone,
  mark_version bigint default 0 not null,
  mark_seq bigint default 0 not null,
  highest_read_number bigint default 0 not null,
  notify_level notify_level,
  muted_until timestamp(3) with time zone,
  constraint chat_members_user_id_chat_id_joined_seq_pk PRIMARY KEY (user_id, chat_id, joined_seq),
  constraint chat_members_chat_id_chats_id_fk FOREIGN KEY (chat_id) REFERENCES chats(id),
  constraint chat_members_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id),
  constraint chat_members_left_at CHECK (((left_seq IS NULL) = (left_at IS NULL)))
) with (fillfactor=80);
CREATE INDEX chat_members_all ON public.chat_members USING btree (chat_id) WHERE ((left_seq IS NULL) AND (notify_level = 'All'::notify_level));
CREATE INDEX chat_members_chat ON public.chat_members USING btree (chat_id, joined_seq);
CREATE INDEX chat_members_left ON public.chat_members USING btree (user_id, left_at) WHERE (left_seq IS NOT NULL);
CREATE UNIQUE INDEX chat_members_open ON public.chat_members USING btree (chat_id, user_id) WHERE (left_seq IS NULL);
CREATE INDEX chat_members_own ON public.chat_members USING btree (user_id, chat_id) WHERE (left_seq IS NULL);

create table chats (
  id uuid not null,
  workspace_id uuid not null,
  chat_type chat_type not null,
  name text not null,
  version bigint not null,
  creator_id uuid not null,
  client_id uuid,
  single_low uuid,
  single_high uuid,
  created_at timestamp(3) with time zone default now() not null,
  updated_at timestamp(3) with time zone default now() not null,
  deleted_at timestamp(3) with time zone,
  wiped_at timestamp(3) with time zone,
  purged_seq bigint default 0 not null,
  request_mac bytea,
  topic text,
  who_posts who_posts default 'All'::who_posts not null,
  archived_at timestamp(3) with time zone,
  imported_at timestamp(3) with time zone,
  constraint chats_pkey PRIMARY KEY (id),
  constraint chats_creator_id_users_id_fk FOREIGN KEY (creator_id) REFERENCES users(id),
  constraint chats_workspace_id_workspaces_id_fk FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  constraint chats_single CHECK ((((chat_type = 'Single'::chat_type) = ((single_low IS NOT NULL) AND (single_high IS NOT NULL))) AND ((single_low IS NULL) OR (single_low < single_high))))
);
CREATE UNIQUE INDEX chats_client_id ON public.chats USING btree (creator_id, client_id);
CREATE UNIQUE INDEX chats_pair ON public.chats USING btree (workspace_id, single_low, single_high) WHERE (single_low IS NOT NULL);
CREATE INDEX chats_public ON public.chats USING btree (workspace_id, name, id) WHERE (chat_type = 'PublicChannel'::chat_type);

create table consumer_resets (
  id bigint generated always as identity not null,
  consumer text not null,
  from_pos bigint,
  from_nonce integer,
  to_pos bigint not null,
  to_nonce integer not null,
  created_at timestamp(3) with time zone default clock_timestamp() not null,
  constraint consumer_resets_pkey PRIMARY KEY (id)
);
CREATE INDEX consumer_resets_consumer ON public.consumer_resets USING btree (consumer, id);

create table consumers (
  name text not null,
  pos bigint not null,
  nonce integer not null,
  moved_at timestamp(3) with time zone default clock_timestamp() not null,
  constraint consumers_pkey PRIMARY KEY (name)
);

create table custom_statuses (
  user_id uuid not null,
  emoji text,
  text text,
  expires_at timestamp(3) with time zone,
  constraint custom_statuses_pkey PRIMARY KEY (user_id),
  constraint custom_statuses_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id)
);

create table emoji (
  workspace_id uuid not null,
  name text not null,
  file_id uuid not null,
  created_by uuid not null,
  created_at timestamp(3) with time zone default clock_timestamp() not null,
  constraint emoji_workspace_id_name_pk PRIMARY KEY (workspace_id, name)
);
CREATE INDEX emoji_creator ON public.emoji USING btree (created_by);
CREATE UNIQUE INDEX emoji_file ON public.emoji USING btree (file_id);

create table event_log (
  id bigint generated always as identity not null,
  xid xid8 default pg_current_xact_id() not null,
  workspace_id uuid,
  workspace_seq bigint,
  chat_id uuid,
  chat_seq bigint,
  user_id uuid,
  code smallint not null,
  subject_id uuid,
  facts jsonb default '{}'::jsonb not null,
  created_at timestamp with time zone default clock_timestamp() not null,
  takes_away boolean default false not null,
  constraint event_log_pkey PRIMARY KEY (id),
  constraint event_log_audience CHECK (((num_nonnulls(workspace_seq, user_id) <= 1) AND ((workspace_seq IS NOT NULL) OR (user_id IS NOT NULL) OR (chat_seq IS NOT NULL)) AND ((workspace_seq IS NULL) OR (workspace_id IS NOT NULL)) AND ((chat_seq IS NULL) OR ((chat_id IS NOT NULL) AND (workspace_id IS NOT NULL)))))
) partition by RANGE (id);
CREATE INDEX event_log_taking_away ON ONLY public.event_log USING btree (xid) WHERE takes_away;
CREATE INDEX event_log_xid ON ONLY public.event_log USING btree (xid);

create table exchanged_tokens (
  token_hash bytea not null,
  expires_at timestamp(3) with time zone not null,
  constraint exchanged_tokens_pkey PRIMARY KEY (token_hash)
);
CREATE INDEX exchanged_tokens_expires ON public.exchanged_tokens USING btree (expires_at);

create table external_chats (
  issuer text not null,
  external_id text not null,
  chat_id uuid not null,
  constraint external_chats_issuer_external_id_pk PRIMARY KEY (issuer, external_id),
  constraint external_chats_chat_id_chats_id_fk FOREIGN KEY (chat_id) REFERENCES chats(id)
);
CREATE INDEX external_chats_chat ON public.external_chats USING btree (chat_id);

create table external_workspaces (
  issuer text not null,
  external_id text not null,
  workspace_id uuid not null,
  constraint external_workspaces_issuer_external_id_pk PRIMARY KEY (issuer, external_id),
  constraint external_workspaces_workspace_id_workspaces_id_fk FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
);
CREATE INDEX external_workspaces_workspace ON public.external_workspaces USING btree (workspace_id);

create table file_checks (
  file_id uuid not null,
  due_at timestamp(3) with time zone default clock_timestamp() not null,
  lease uuid,
  attempts smallint default 0 not null,
  failures integer default 0 not null,
  needs_scan boolean default false not null,
  is_imported boolean default false not null,
  constraint file_checks_pkey PRIMARY KEY (file_id)
);
CREATE INDEX file_checks_due ON public.file_checks USING btree (is_imported, due_at);

create table file_objects (
  id uuid not null,
  file_id uuid not null,
  part integer not null,
  created_at timestamp(3) with time zone default clock_timestamp() not null,
  stored_at timestamp(3) with time zone,
  doomed_at timestamp(3) with time zone,
  store file_store default 'Folder'::file_store not null,
  other_store file_store,
  constraint file_objects_pkey PRIMARY KEY (id)
);
CREATE INDEX file_objects_doomed ON public.file_objects USING btree (doomed_at) WHERE (doomed_at IS NOT NULL);
CREATE INDEX file_objects_file ON public.file_objects USING btree (file_id);
CREATE INDEX file_objects_moving ON public.file_objects USING btree (id) WHERE (other_store IS NOT NULL);
CREATE UNIQUE INDEX file_objects_part ON public.file_objects USING btree (file_id, part) WHERE ((stored_at IS NOT NULL) AND (doomed_at IS NULL));
CREATE INDEX file_objects_store ON public.file_objects USING btree (store, id);
CREATE INDEX file_objects_unfinished ON public.file_objects USING btree (created_at) WHERE ((stored_at IS NULL) AND (doomed_at IS NULL));

create table file_usage (
  workspace_id uuid not null,
  bytes bigint not null,
  constraint file_usage_pkey PRIMARY KEY (workspace_id)
);

create table files (
  id uuid not null,
  workspace_id uuid not null,
  chat_id uuid,
  uploader_id uuid not null,
  state file_state default 'Uploading'::file_state not null,
  size_bytes bigint not null,
  mime text not null,
  is_as_file boolean default false not null,
  width integer,
  height integer,
  has_thumbnail boolean default false not null,
  sealed_name bytea,
  wrapped_key bytea,
  message_id uuid,
  place smallint,
  created_at timestamp(3) with time zone default clock_timestamp() not null,
  expires_at timestamp(3) with time zone,
  thumbnail_bytes integer default 0 not null,
  constraint files_pkey PRIMARY KEY (id)
);
CREATE INDEX files_chat ON public.files USING btree (chat_id, id) WHERE (message_id IS NOT NULL);
CREATE INDEX files_gone ON public.files USING btree (id) WHERE (state = 'Gone'::file_state);
CREATE INDEX files_message ON public.files USING btree (message_id, place) WHERE (message_id IS NOT NULL);
CREATE INDEX files_unsent ON public.files USING btree (expires_at) WHERE (message_id IS NULL);
CREATE INDEX files_uploader ON public.files USING btree (uploader_id) WHERE (message_id IS NULL);

create table identities (
  id uuid not null,
  user_id uuid not null,
  issuer text not null,
  subject text not null,
  created_at timestamp(3) with time zone default now() not null,
  constraint identities_pkey PRIMARY KEY (id),
  constraint identities_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE UNIQUE INDEX identities_subject ON public.identities USING btree (issuer, subject);
CREATE INDEX identities_user ON public.identities USING btree (user_id);

create table import_map (
  workspace_id uuid not null,
  source text not null,
  kind imported_kind not null,
  key uuid not null,
  id uuid not null,
  finished_at timestamp(3) with time zone,
  constraint import_map_workspace_id_source_kind_key_pk PRIMARY KEY (workspace_id, source, kind, key),
  constraint import_map_workspace_id_workspaces_id_fk FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
);
CREATE INDEX import_map_id ON public.import_map USING btree (id);

create table import_members (
  user_id uuid not null,
  chat_id uuid not null,
  role role,
  joined_at timestamp(3) with time zone,
  constraint import_members_user_id_chat_id_pk PRIMARY KEY (user_id, chat_id)
);
CREATE INDEX import_members_chat ON public.import_members USING btree (chat_id);

create table incoming_webhooks (
  id uuid not null,
  workspace_id uuid not null,
  chat_id uuid not null,
  user_id uuid not null,
  created_by uuid not null,
  secret_hash bytea not null,
  created_at timestamp(3) with time zone default now() not null,
  constraint incoming_webhooks_pkey PRIMARY KEY (id),
  constraint incoming_webhooks_user UNIQUE (user_id),
  constraint incoming_webhooks_chat_id_chats_id_fk FOREIGN KEY (chat_id) REFERENCES chats(id),
  constraint incoming_webhooks_created_by_users_id_fk FOREIGN KEY (created_by) REFERENCES users(id),
  constraint incoming_webhooks_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id),
  constraint incoming_webhooks_workspace_id_workspaces_id_fk FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
);
CREATE INDEX incoming_webhooks_chat ON public.incoming_webhooks USING btree (chat_id, id);
CREATE INDEX incoming_webhooks_maker ON public.incoming_webhooks USING btree (workspace_id, created_by);

create table key_checks (
  key_id integer not null,
  sealed bytea not null,
  constraint key_checks_pkey PRIMARY KEY (key_id)
);

create table log_order (
  pos bigint not null,
  event_id bigint not null,
  workspace_id uuid,
  workspace_seq bigint,
  chat_id uuid,
  chat_seq bigint,
  user_id uuid,
  nonce integer not null,
  constraint log_order_pkey PRIMARY KEY (pos)
) partition by RANGE (pos);

create table log_tick (
  tick_id bigint not null,
  snap pg_snapshot not null,
  last_pos bigint not null,
  nonce integer not null,
  created_at timestamp with time zone default clock_timestamp() not null,
  constraint log_tick_pkey PRIMARY KEY (tick_id)
);

create table mail_jobs (
  id uuid not null,
  kind text not null,
  user_id uuid,
  address text not null,
  details jsonb default '{}'::jsonb not null,
  created_at timestamp(3) with time zone default now() not null,
  expires_at timestamp(3) with time zone not null,
  due_at timestamp(3) with time zone default clock_timestamp() not null,
  attempts integer default 0 not null,
  lease uuid,
  leased_until timestamp(3) with time zone,
  failure text,
  failed_at timestamp(3) with time zone,
  constraint mail_jobs_pkey PRIMARY KEY (id),
  constraint mail_jobs_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX mail_jobs_due ON public.mail_jobs USING btree (due_at) WHERE (failed_at IS NULL);
CREATE INDEX mail_jobs_failed ON public.mail_jobs USING btree (failed_at) WHERE (failed_at IS NOT NULL);
CREATE INDEX mail_jobs_user ON public.mail_jobs USING btree (user_id);

create table mail_tokens (
  token_hash bytea not null,
  purpose text not null,
  user_id uuid not null,
  address text not null,
  expires_at timestamp(3) with time zone not null,
  constraint mail_tokens_pkey PRIMARY KEY (token_hash),
  constraint mail_tokens_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX mail_tokens_expires ON public.mail_tokens USING btree (expires_at);
CREATE INDEX mail_tokens_user ON public.mail_tokens USING btree (user_id);

create table maintenance_jobs (
  name text not null,
  due_at timestamp(3) with time zone default clock_timestamp() not null,
  lease uuid,
  leased_until timestamp(3) with time zone,
  finished_at timestamp(3) with time zone,
  failures integer default 0 not null,
  constraint maintenance_jobs_pkey PRIMARY KEY (name)
);

create table mention_digests (
  user_id uuid not null,
  since_at timestamp(3) with time zone not null,
  due_at timestamp(3) with time zone not null,
  constraint mention_digests_pkey PRIMARY KEY (user_id),
  constraint mention_digests_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX mention_digests_due ON public.mention_digests USING btree (due_at);

create table mentions (
  chat_id uuid not null,
  thread_id uuid,
  number bigint not null,
  message_id uuid not null,
  user_id uuid,
  sender_id uuid not null
);
CREATE INDEX mentions_message ON public.mentions USING btree (message_id);
CREATE INDEX mentions_of ON public.mentions USING btree (user_id, chat_id, thread_id, number);

create table message_search (
  part integer not null,
  message_id uuid not null,
  version bigint not null,
  tokens integer[] not null,
  constraint message_search_pkey PRIMARY KEY (message_id, part)
) partition by LIST (part);

create table messages (
  id uuid not null,
  chat_id uuid not null,
  seq bigint not null,
  number bigint not null,
  version bigint not null,
  sender_id uuid not null,
  client_id uuid not null,
  body bytea,
  mac bytea not null,
  created_at timestamp(3) with time zone default clock_timestamp() not null,
  edited_at timestamp(3) with time zone,
  deleted_at timestamp(3) with time zone,
  parts jsonb,
  thread_id uuid,
  constraint messages_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX messages_client_id ON public.messages USING btree (sender_id, client_id, chat_id);
CREATE INDEX messages_main ON public.messages USING btree (chat_id, seq) WHERE (thread_id IS NULL);
CREATE INDEX messages_replies ON public.messages USING btree (thread_id, seq) WHERE (thread_id IS NOT NULL);
CREATE UNIQUE INDEX messages_seq ON public.messages USING btree (chat_id, seq);

create table migrations (
  id integer default nextval('migrations_id_seq'::regclass) not null,
  hash text not null,
  created_at bigint,
  constraint migrations_pkey PRIMARY KEY (id)
);

create table oidc_flows (
  state_hash bytea not null,
  secret_hash bytea not null,
  provider text not null,
  nonce text not null,
  verifier text not null,
  expires_at timestamp(3) with time zone not null,
  constraint oidc_flows_pkey PRIMARY KEY (state_hash)
);
CREATE INDEX oidc_flows_expires ON public.oidc_flows USING btree (expires_at);

create table passkey_challenges (
  challenge_hash bytea not null,
  user_id uuid,
  expires_at timestamp(3) with time zone not null,
  constraint passkey_challenges_pkey PRIMARY KEY (challenge_hash),
  constraint passkey_challenges_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX passkey_challenges_expires ON public.passkey_challenges USING btree (expires_at);
CREATE INDEX passkey_challenges_user ON public.passkey_challenges USING btree (user_id);

create table passkeys (
  id uuid not null,
  user_id uuid not null,
  credential_id bytea not null,
  public_key bytea not null,
  sign_count bigint not null,
  transports text[] not null,
  name text not null,
  is_synced boolean not null,
  created_at timestamp(3) with time zone default now() not null,
  last_used_at timestamp(3) with time zone,
  constraint passkeys_pkey PRIMARY KEY (id),
  constraint passkeys_credential_id_unique UNIQUE (credential_id),
  constraint passkeys_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX passkeys_user ON public.passkeys USING btree (user_id);

create table pins (
  message_id uuid not null,
  chat_id uuid not null,
  seq bigint not null,
  user_id uuid,
  constraint pins_pkey PRIMARY KEY (message_id)
);
CREATE UNIQUE INDEX pins_chat ON public.pins USING btree (chat_id, seq);
CREATE INDEX pins_user ON public.pins USING btree (user_id, message_id);

create table placeholders (
  user_id uuid not null,
  workspace_id uuid not null,
  email text not null,
  claimed_by uuid,
  claimed_at timestamp(3) with time zone,
  confirmed_at timestamp(3) with time zone,
  joined_at timestamp(3) with time zone,
  constraint placeholders_pkey PRIMARY KEY (user_id),
  constraint placeholders_claimed_by_users_id_fk FOREIGN KEY (claimed_by) REFERENCES users(id),
  constraint placeholders_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id),
  constraint placeholders_workspace_id_workspaces_id_fk FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
);
CREATE INDEX placeholders_claimed_by ON public.placeholders USING btree (claimed_by) WHERE (claimed_by IS NOT NULL);
CREATE INDEX placeholders_email ON public.placeholders USING btree (lower((email COLLATE "C")), workspace_id);
CREATE INDEX placeholders_open ON public.placeholders USING btree (workspace_id, user_id) WHERE ((claimed_by IS NOT NULL) AND (confirmed_at IS NULL));
CREATE INDEX placeholders_unjoined ON public.placeholders USING btree (user_id) WHERE ((confirmed_at IS NOT NULL) AND (joined_at IS NULL));
CREATE INDEX placeholders_workspace ON public.placeholders USING btree (workspace_id);

create unlogged table presence_activity (
  user_id uuid not null,
  session_id uuid not null,
  active_at timestamp(3) with time zone not null,
  constraint presence_activity_user_id_session_id_pk PRIMARY KEY (user_id, session_id)
);
CREATE INDEX presence_activity_time ON public.presence_activity USING btree (active_at);

create unlogged table presence_instances (
  id uuid not null,
  leased_until timestamp(3) with time zone not null,
  constraint presence_instances_pkey PRIMARY KEY (id)
);

create unlogged table presence_people (
  user_id uuid not null,
  instance_id uuid not null,
  constraint presence_people_user_id_instance_id_pk PRIMARY KEY (user_id, instance_id)
);
CREATE INDEX presence_people_instance ON public.presence_people USING btree (instance_id);

create unlogged table presence_streams (
  id uuid not null,
  instance_id uuid not null,
  session_id uuid not null,
  user_ids uuid[] default '{}'::uuid[] not null,
  constraint presence_streams_pkey PRIMARY KEY (id)
);
CREATE INDEX presence_streams_instance ON public.presence_streams USING btree (instance_id);

create table processes (
  id uuid not null,
  service text not null,
  release text not null,
  started_at timestamp(3) with time zone default clock_timestamp() not null,
  seen_at timestamp(3) with time zone default clock_timestamp() not null,
  constraint processes_pkey PRIMARY KEY (id)
);

create table push_kinds (
  kind text not null,
  public_key text,
  published_at timestamp(3) with time zone default clock_timestamp() not null,
  constraint push_kinds_pkey PRIMARY KEY (kind)
);

create table push_pending (
  id bigint generated always as identity not null,
  subscription_id uuid not null,
  chat_id uuid,
  host text not null,
  first_seq bigint default 0 not null,
  newer_seq bigint,
  created_at timestamp(3) with time zone default clock_timestamp() not null,
  due_at timestamp(3) with time zone default clock_timestamp() not null,
  lease uuid,
  attempts integer default 0 not null,
  is_clearing boolean default false not null,
  constraint push_pending_pkey PRIMARY KEY (id),
  constraint push_pending_chat UNIQUE NULLS NOT DISTINCT (subscription_id, chat_id, is_clearing)
);
CREATE INDEX push_pending_due ON public.push_pending USING btree (host, due_at);

create table push_progress (
  chat_id uuid not null,
  seq bigint not null,
  constraint push_progress_pkey PRIMARY KEY (chat_id)
);

create table push_shown (
  subscription_id uuid not null,
  chat_id uuid not null,
  message_id uuid not null,
  shown_at timestamp(3) with time zone default clock_timestamp() not null,
  constraint push_shown_subscription_id_chat_id_pk PRIMARY KEY (subscription_id, chat_id)
);
CREATE INDEX push_shown_at ON public.push_shown USING btree (shown_at);

create table push_subscriptions (
  id uuid not null,
  user_id uuid not null,
  session_id uuid not null,
  kind text not null,
  address_hash bytea not null,
  host text not null,
  sealed bytea not null,
  created_at timestamp(3) with time zone default clock_timestamp() not null,
  failure text,
  failing_since timestamp(3) with time zone,
  constraint push_subscriptions_pkey PRIMARY KEY (id),
  constraint push_subscriptions_address_hash_unique UNIQUE (address_hash),
  constraint push_subscriptions_session_id_sessions_id_fk FOREIGN KEY (session_id) REFERENCES sessions(id),
  constraint push_subscriptions_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX push_subscriptions_failing ON public.push_subscriptions USING btree (failing_since) WHERE (failing_since IS NOT NULL);
CREATE INDEX push_subscriptions_session ON public.push_subscriptions USING btree (session_id);
CREATE INDEX push_subscriptions_user ON public.push_subscriptions USING btree (user_id);

create table rate_limits (
  key character varying(255) not null,
  points integer default 0 not null,
  expire bigint,
  constraint rate_limits_pkey PRIMARY KEY (key)
) with (fillfactor=50);
CREATE INDEX rate_limits_expire ON public.rate_limits USING btree (expire);

create table reaction_counters (
  user_id uuid not null,
  minute bigint not null,
  changed integer not null,
  constraint reaction_counters_pkey PRIMARY KEY (user_id)
);

create table reactions (
  user_id uuid not null,
  message_id uuid not null,
  emoji text not null,
  seq bigint not null,
  constraint reactions_user_id_message_id_emoji_pk PRIMARY KEY (user_id, message_id, emoji)
);
CREATE INDEX reactions_message ON public.reactions USING btree (message_id, emoji, seq);

create table recovery_codes (
  user_id uuid not null,
  code_hash bytea not null,
  constraint recovery_codes_user_id_code_hash_pk PRIMARY KEY (user_id, code_hash),
  constraint recovery_codes_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id)
);

create table saved_messages (
  user_id uuid not null,
  message_id uuid not null,
  chat_id uuid not null,
  number bigint generated always as identity not null,
  saved_at timestamp(3) with time zone default clock_timestamp() not null,
  constraint saved_messages_user_id_message_id_pk PRIMARY KEY (user_id, message_id)
);
CREATE INDEX saved_messages_message ON public.saved_messages USING btree (message_id);
CREATE UNIQUE INDEX saved_messages_order ON public.saved_messages USING btree (user_id, number);

create table search_generations (
  gen smallint generated always as identity not null,
  state search_state default 'Building'::search_state not null,
  making jsonb not null,
  walked_to uuid default '00000000-0000-0000-0000-000000000000'::uuid not null,
  walk_end uuid not null,
  created_at timestamp(3) with time zone default clock_timestamp() not null,
  active_at timestamp(3) with time zone,
  constraint search_generations_pkey PRIMARY KEY (gen)
);
CREATE UNIQUE INDEX search_generations_active ON public.search_generations USING btree (state) WHERE (state = 'Active'::search_state);

create table search_parts (
  part integer generated always as identity not null,
  gen smallint not null,
  from_id uuid not null,
  messages bigint default 0 not null,
  is_indexed boolean default false not null,
  constraint search_parts_pkey PRIMARY KEY (part)
);
CREATE INDEX search_parts_gen ON public.search_parts USING btree (gen, from_id);

create table search_walks (
  chat_id uuid not null,
  walked_seq bigint default 0 not null,
  constraint search_walks_pkey PRIMARY KEY (chat_id)
);

create table send_counters (
  user_id uuid not null,
  minute bigint not null,
  sent integer not null,
  constraint send_counters_pkey PRIMARY KEY (user_id)
) with (fillfactor=50);

create table service_keys (
  id uuid not null,
  name text not null,
  issuer text not null,
  scopes text[] not null,
  token_hash bytea not null,
  created_at timestamp(3) with time zone default now() not null,
  last_used_at timestamp(3) with time zone,
  revoked_at timestamp(3) with time zone,
  constraint service_keys_pkey PRIMARY KEY (id),
  constraint service_keys_token UNIQUE (token_hash)
);

create table sessions (
  id uuid not null,
  user_id uuid not null,
  refresh_hash bytea,
  refresh_number integer default 0 not null,
  rotated_at timestamp(3) with time zone default now() not null,
  user_agent text,
  ip text,
  created_at timestamp(3) with time zone default now() not null,
  last_used_at timestamp(3) with time zone default now() not null,
  expires_at timestamp(3) with time zone not null,
  revoked_at timestamp(3) with time zone,
  device_id uuid,
  refresh_copy bytea,
  authenticated_at timestamp(3) with time zone default now() not null,
  name text,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX sessions_revoked ON public.sessions USING btree (revoked_at) WHERE (revoked_at IS NOT NULL);
CREATE INDEX sessions_user ON public.sessions USING btree (user_id);

create table signin_challenges (
  token_hash bytea not null,
  user_id uuid not null,
  device_id uuid,
  expires_at timestamp(3) with time zone not null,
  constraint signin_challenges_pkey PRIMARY KEY (token_hash),
  constraint signin_challenges_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX signin_challenges_expires ON public.signin_challenges USING btree (expires_at);
CREATE INDEX signin_challenges_user ON public.signin_challenges USING btree (user_id);

create table signing_keys (
  kid text not null,
  public_jwk jsonb not null,
  created_at timestamp(3) with time zone default now() not null,
  last_used_at timestamp(3) with time zone default now() not null,
  constraint signing_keys_pkey PRIMARY KEY (kid)
);

create table sql_files (
  file text not null,
  hash text not null,
  release text not null,
  applied_at timestamp with time zone default clock_timestamp() not null,
  constraint sql_files_pkey PRIMARY KEY (file)
);

create table stream_tickets (
  ticket_hash bytea not null,
  session_id uuid not null,
  connects integer default 0 not null,
  expires_at timestamp(3) with time zone not null,
  constraint stream_tickets_pkey PRIMARY KEY (ticket_hash),
  constraint stream_tickets_session_id_sessions_id_fk FOREIGN KEY (session_id) REFERENCES sessions(id)
);
CREATE INDEX stream_tickets_expires ON public.stream_tickets USING btree (expires_at);
CREATE INDEX stream_tickets_session ON public.stream_tickets USING btree (session_id);

create table thread_follows (
  user_id uuid not null,
  chat_id uuid not null,
  root_id uuid not null,
  workspace_id uuid not null,
  is_following boolean not null,
  last_read_number bigint not null,
  mark_version bigint not null,
  mark_seq bigint not null,
  constraint thread_follows_user_id_chat_id_root_id_pk PRIMARY KEY (user_id, chat_id, root_id)
);
CREATE INDEX thread_follows_own ON public.thread_follows USING btree (user_id, workspace_id) WHERE is_following;
CREATE INDEX thread_follows_root ON public.thread_follows USING btree (root_id) WHERE is_following;

create table threads (
  root_id uuid not null,
  version bigint not null,
  reply_count integer not null,
  last_number bigint not null,
  last_reply_at timestamp(3) with time zone not null,
  participant_ids uuid[] not null,
  constraint threads_pkey PRIMARY KEY (root_id)
) with (fillfactor=50);

create table totp_factors (
  user_id uuid not null,
  sealed bytea not null,
  created_at timestamp(3) with time zone default now() not null,
  confirmed_at timestamp(3) with time zone,
  last_step bigint default 0 not null,
  constraint totp_factors_pkey PRIMARY KEY (user_id),
  constraint totp_factors_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id)
);

create table user_preferences (
  user_id uuid not null,
  show_presence boolean default true not null,
  show_receipts boolean default true not null,
  push_previews boolean default false not null,
  quiet_hours jsonb,
  constraint user_preferences_pkey PRIMARY KEY (user_id),
  constraint user_preferences_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id)
);

create table users (
  id uuid not null,
  email text,
  full_name text not null,
  password_hash text not null,
  avatar_url text,
  status user_status default 'Active'::user_status not null,
  created_at timestamp(3) with time zone default now() not null,
  updated_at timestamp(3) with time zone default now() not null,
  erased_at timestamp(3) with time zone,
  wiped_at timestamp(3) with time zone,
  device_epoch integer default 0 not null,
  email_verified_at timestamp(3) with time zone,
  holds_email boolean default true not null,
  signup_invite bytea,
  second_factor_at timestamp(3) with time zone,
  kind user_kind default 'Person'::user_kind not null,
  account_id uuid,
  constraint users_pkey PRIMARY KEY (id)
);
CREATE INDEX users_account ON public.users USING btree (account_id) WHERE (account_id IS NOT NULL);
CREATE UNIQUE INDEX users_email ON public.users USING btree (lower((email COLLATE "C"))) WHERE holds_email;
CREATE INDEX users_email_claims ON public.users USING btree (lower((email COLLATE "C"))) WHERE (NOT holds_email);
CREATE INDEX users_unwiped ON public.users USING btree (id) WHERE ((erased_at IS NOT NULL) AND (wiped_at IS NULL));

create table webhook_deliveries (
  id uuid default gen_random_uuid() not null,
  webhook_id uuid not null,
  number bigint generated always as identity not null,
  code smallint,
  pos bigint,
  nonce integer,
  happened_at timestamp(3) with time zone default clock_timestamp() not null,
  state text default 'Waiting'::text not null,
  attempts integer default 0 not null,
  due_at timestamp(3) with time zone,
  status smallint,
  failure text,
  attempted_at timestamp(3) with time zone,
  finished_at timestamp(3) with time zone,
  constraint webhook_deliveries_pkey PRIMARY KEY (id),
  constraint webhook_deliveries_webhook_id_webhooks_id_fk FOREIGN KEY (webhook_id) REFERENCES webhooks(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX webhook_deliveries_event ON public.webhook_deliveries USING btree (webhook_id, pos, nonce) WHERE (pos IS NOT NULL);
CREATE INDEX webhook_deliveries_finished ON public.webhook_deliveries USING btree (finished_at) WHERE (finished_at IS NOT NULL);
CREATE INDEX webhook_deliveries_first ON public.webhook_deliveries USING btree (webhook_id, number) WHERE ((state = 'Waiting'::text) AND (due_at IS NULL));
CREATE UNIQUE INDEX webhook_deliveries_number ON public.webhook_deliveries USING btree (webhook_id, number);
CREATE INDEX webhook_deliveries_retry ON public.webhook_deliveries USING btree (webhook_id, due_at) WHERE ((state = 'Waiting'::text) AND (due_at IS NOT NULL));

create table webhook_lanes (
  webhook_id uuid not null,
  is_retry boolean not null,
  due_at timestamp(3) with time zone,
  lease uuid,
  is_slow boolean default false not null,
  quick_count smallint default 0 not null,
  room integer default 0 not null,
  full_at timestamp(3) with time zone,
  constraint webhook_lanes_webhook_id_is_retry_pk PRIMARY KEY (webhook_id, is_retry),
  constraint webhook_lanes_webhook_id_webhooks_id_fk FOREIGN KEY (webhook_id) REFERENCES webhooks(id) ON DELETE CASCADE
);
CREATE INDEX webhook_lanes_due ON public.webhook_lanes USING btree (is_retry, is_slow, due_at) WHERE (due_at IS NOT NULL);

create table webhook_secrets (
  id uuid not null,
  webhook_id uuid not null,
  sealed bytea not null,
  ends_at timestamp(3) with time zone,
  constraint webhook_secrets_pkey PRIMARY KEY (id),
  constraint webhook_secrets_webhook_id_webhooks_id_fk FOREIGN KEY (webhook_id) REFERENCES webhooks(id) ON DELETE CASCADE
);
CREATE INDEX webhook_secrets_webhook ON public.webhook_secrets USING btree (webhook_id);

create table webhooks (
  id uuid not null,
  bot_id uuid not null,
  workspace_id uuid not null,
  created_by uuid not null,
  url text not null,
  codes smallint[] not null,
  created_at timestamp(3) with time zone default now() not null,
  off_at timestamp(3) with time zone,
  off_reason text,
  failing_since timestamp(3) with time zone,
  dropped_count bigint default 0 not null,
  dropped_at timestamp(3) with time zone,
  deleted_at timestamp(3) with time zone,
  constraint webhooks_pkey PRIMARY KEY (id),
  constraint webhooks_bot_id_bots_user_id_fk FOREIGN KEY (bot_id) REFERENCES bots(user_id),
  constraint webhooks_created_by_users_id_fk FOREIGN KEY (created_by) REFERENCES users(id),
  constraint webhooks_workspace_id_workspaces_id_fk FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
);
CREATE INDEX webhooks_bot ON public.webhooks USING btree (bot_id);
CREATE INDEX webhooks_live ON public.webhooks USING btree (workspace_id) WHERE ((off_at IS NULL) AND (deleted_at IS NULL));

create table workspace_heads (
  workspace_id uuid not null,
  last_seq bigint default 0 not null,
  constraint workspace_heads_pkey PRIMARY KEY (workspace_id)
) with (fillfactor=50);

create table workspace_invites (
  id uuid not null,
  workspace_id uuid not null,
  created_by uuid not null,
  token_hash bytea not null,
  role role not null,
  email text,
  max_uses integer not null,
  uses integer default 0 not null,
  created_at timestamp(3) with time zone default now() not null,
  expires_at timestamp(3) with time zone not null,
  revoked_at timestamp(3) with time zone,
  constraint workspace_invites_pkey PRIMARY KEY (id),
  constraint workspace_invites_token UNIQUE (token_hash),
  constraint workspace_invites_created_by_users_id_fk FOREIGN KEY (created_by) REFERENCES users(id),
  constraint workspace_invites_workspace_id_workspaces_id_fk FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  constraint workspace_invites_uses CHECK (((uses >= 0) AND (uses <= max_uses)))
);
CREATE INDEX workspace_invites_created_by ON public.workspace_invites USING btree (created_by);
CREATE INDEX workspace_invites_email ON public.workspace_invites USING btree (lower((email COLLATE "C"))) WHERE (email IS NOT NULL);
CREATE INDEX workspace_invites_workspace ON public.workspace_invites USING btree (workspace_id);

create table workspace_members (
  workspace_id uuid not null,
  user_id uuid not null,
  role role not null,
  joined_seq bigint not null,
  left_seq bigint,
  joined_at timestamp(3) with time zone default now() not null,
  left_at timestamp(3) with time zone,
  guest_seq bigint,
  constraint workspace_members_user_id_workspace_id_joined_seq_pk PRIMARY KEY (user_id, workspace_id, joined_seq),
  constraint workspace_members_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users(id),
  constraint workspace_members_workspace_id_workspaces_id_fk FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  constraint workspace_members_left_at CHECK (((left_seq IS NULL) = (left_at IS NULL)))
);
CREATE INDEX workspace_members_left ON public.workspace_members USING btree (user_id, left_at) WHERE (left_seq IS NOT NULL);
CREATE UNIQUE INDEX workspace_members_open ON public.workspace_members USING btree (workspace_id, user_id) WHERE (left_seq IS NULL);
CREATE INDEX workspace_members_own ON public.workspace_members USING btree (user_id, workspace_id) WHERE (left_seq IS NULL);
CREATE INDEX workspace_members_workspace ON public.workspace_members USING btree (workspace_id, user_id);

create table workspaces (
  id uuid not null,
  name text not null,
  description text,
  created_at timestamp(3) with time zone default now() not null,
  updated_at timestamp(3) with time zone default now() not null,
  deleted_at timestamp(3) with time zone,
  retention_days integer,
  constraint workspaces_pkey PRIMARY KEY (id)
);

CREATE TRIGGER audit_guard BEFORE DELETE OR UPDATE ON public.audit_log FOR EACH ROW EXECUTE FUNCTION audit_guard();

CREATE TRIGGER audit_guard_truncate BEFORE TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION audit_guard();

CREATE TRIGGER audit_seals_guard BEFORE DELETE OR UPDATE ON public.audit_seals FOR EACH ROW EXECUTE FUNCTION audit_seals_guard();

CREATE TRIGGER audit_seals_guard_truncate BEFORE TRUNCATE ON public.audit_seals FOR EACH STATEMENT EXECUTE FUNCTION audit_seals_guard();

CREATE TRIGGER audit_unsealed AFTER INSERT ON public.audit_log REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION audit_unsealed();

CREATE TRIGGER chat_member_left BEFORE UPDATE ON public.chat_members FOR EACH ROW WHEN (((new.left_seq IS NOT NULL) AND (old.left_seq IS NULL))) EXECUTE FUNCTION chat_member_left();

CREATE TRIGGER member_left BEFORE INSERT OR UPDATE ON public.chat_members FOR EACH ROW WHEN (((new.left_seq IS NOT NULL) AND (new.left_at IS NULL))) EXECUTE FUNCTION member_left();

CREATE TRIGGER member_left BEFORE INSERT OR UPDATE ON public.workspace_members FOR EACH ROW WHEN (((new.left_seq IS NOT NULL) AND (new.left_at IS NULL))) EXECUTE FUNCTION member_left();

CREATE TRIGGER message_files_end BEFORE UPDATE ON public.messages FOR EACH ROW WHEN (((new.body IS NULL) AND (old.parts ? 'files'::text))) EXECUTE FUNCTION message_files_end();

CREATE TRIGGER message_parts_end BEFORE UPDATE ON public.messages FOR EACH ROW WHEN (((new.body IS NULL) AND (new.parts IS NOT NULL))) EXECUTE FUNCTION message_parts_end();

CREATE TRIGGER message_pin_ends BEFORE UPDATE ON public.messages FOR EACH ROW WHEN (((new.body IS NULL) AND (old.parts ? 'pinnedAt'::text))) EXECUTE FUNCTION message_pin_ends();

CREATE TRIGGER message_reply_end BEFORE UPDATE ON public.messages FOR EACH ROW WHEN (((new.deleted_at IS NOT NULL) AND (old.deleted_at IS NULL) AND (new.thread_id IS NOT NULL))) EXECUTE FUNCTION message_reply_end();

CREATE TRIGGER saved_message_ends BEFORE UPDATE ON public.messages FOR EACH ROW WHEN (((new.body IS NULL) AND (old.parts ? 'saved'::text))) EXECUTE FUNCTION saved_message_ends();

create view live_chat_members as  SELECT chat_id,
    user_id,
    role,
    joined_seq,
    joined_at,
    last_read_seq,
    last_read_number,
    mark_version,
    mark_seq,
    highest_read_number,
    notify_level,
    muted_until
   FROM chat_members m
  WHERE (left_seq IS NULL);

create view live_sessions as  SELECT id,
    user_id,
    refresh_hash,
    refresh_number,
    refresh_copy,
    rotated_at,
    device_id,
    user_agent,
    ip,
    created_at,
    last_used_at,
    expires_at,
    authenticated_at,
    name
   FROM (sessions s
     JOIN users u ON ((id = user_id)))
  WHERE ((revoked_at IS NULL) AND (expires_at > now()) AND (status = 'Active'::user_status));

create view live_workspace_members as  SELECT workspace_id,
    user_id,
    role,
    joined_seq,
    joined_at
   FROM workspace_members m
  WHERE (left_seq IS NULL);

CREATE OR REPLACE FUNCTION public.audit_digest(p_line audit_log)
 RETURNS bytea
 LANGUAGE sql
 STABLE
AS $function$
  select sha256(convert_to(concat_ws(E'\n', p_line.scope_id, p_line.id, p_line.action, coalesce(p_line.actor_id::text, '-'),
    coalesce(p_line.user_id::text, '-'), p_line.details, coalesce(p_line.request_id, '-'),
    (extract(epoch from p_line.created_at) * 1000)::bigint), 'UTF8')) $function$
;

CREATE OR REPLACE FUNCTION public.audit_forget_addresses(p_user uuid, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare v_changed int;
begin
  if not exists (select from users where id = p_user and erased_at is not null) then return 0; end if;
  update audit_log a set address = null from (
    select scope_id, id from audit_log where coalesce(actor_id, user_id) = p_user and address is not null
    limit p_limit for update skip locked) o
  where a.scope_id = o.scope_id and a.id = o.id;
  get diagnostics v_changed = row_count;
  return v_changed;
end $function$
;

CREATE OR REPLACE FUNCTION public.audit_guard()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' and new.address is null
    and (new.scope_id, new.id, new.action, new.details, new.created_at) = (old.scope_id, old.id, old.action, old.details, old.created_at)
    and (new.actor_id, new.user_id, new.request_id) is not distinct from (old.actor_id, old.user_id, old.request_id) then
    return new;
  end if;
  if tg_op = 'DELETE'
    and old.created_at < clock_timestamp() - make_interval(days => (select retention_days from audit_settings)) then
    return old;
  end if;
  raise exception 'the audit log is append-only' using errcode = '42501';
end $function$
;

CREATE OR REPLACE FUNCTION public.audit_prune_seal()
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare v_days int; v_seal audit_seals; v_gone int;
begin
  select retention_days into v_days from audit_settings;
  select * into v_seal from audit_seals
  where pruned_at is null and newest_at < clock_timestamp() - make_interval(days => v_days)
  order by newest_at limit 1 for update skip locked;
  if not found then return null; end if;
  delete from audit_log a using unnest(v_seal.scope_ids, v_seal.ids) o (scope_id, id)
  where a.scope_id = o.scope_id and a.id = o.id;
  get diagnostics v_gone = row_count;
  update audit_seals set pruned_at = clock_timestamp(), pruned_after_days = v_days, pruned_lines = v_gone,
    scope_ids = null, ids = null, digests = null where n = v_seal.n;
  return v_gone;
end $function$
;

CREATE OR REPLACE FUNCTION public.audit_seal(p_limit integer)
 RETURNS TABLE(n bigint, lines integer, hash bytea)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  v_last audit_seals;
  v_seal audit_seals;
  v_list bytea;
begin
  if not pg_try_advisory_xact_lock(hashtext('fechatter.audit_seal')) then return; end if;
  select * into v_last from audit_seals order by n desc limit 1;
  with oldest as materialized (select created_at from audit_unsealed order by created_at, id limit 1),
  chosen as materialized (
    select q.scope_id, q.id from audit_unsealed q, oldest o where q.created_at <= o.created_at + interval '1 hour'
    order by q.created_at, q.id limit greatest(1, least(p_limit, 1000))),
  taken as (
    delete from audit_unsealed q using chosen c where q.scope_id = c.scope_id and q.id = c.id
    returning q.scope_id, q.id, q.created_at),
  digested as (
    select t.*, case when a.id is null then ''::bytea else audit_digest(a) end as digest
    from taken t left join audit_log a on a.scope_id = t.scope_id and a.id = t.id)
  select count(*), max(created_at), array_agg(scope_id order by id, scope_id), array_agg(id order by id, scope_id),
    array_agg(digest order by id, scope_id),
    string_agg(uuid_send(scope_id) || uuid_send(id) || digest, ''::bytea order by id, scope_id)
  into v_seal.lines, v_seal.newest_at, v_seal.scope_ids, v_seal.ids, v_seal.digests, v_list from digested;
  if v_seal.lines = 0 then return; end if;
  v_seal.n := coalesce(v_last.n, 0) + 1;
  v_seal.content := sha256(v_list);
  v_seal.hash := sha256(coalesce(v_last.hash, ''::bytea) || int8send(v_seal.n) || int8send(v_seal.lines)
    || int8send((extract(epoch from v_seal.newest_at) * 1000)::bigint) || v_seal.content);
  insert into audit_seals (n, lines, newest_at, content, hash, scope_ids, ids, digests)
  values (v_seal.n, v_seal.lines, v_seal.newest_at, v_seal.content, v_seal.hash, v_seal.scope_ids, v_seal.ids, v_seal.digests);
  return query select v_seal.n, v_seal.lines, v_seal.hash;
end $function$
;

CREATE OR REPLACE FUNCTION public.audit_seals_guard()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' and old.pruned_at is null and new.pruned_at is not null
    and num_nonnulls(new.scope_ids, new.ids, new.digests) = 0
    and (new.n, new.lines, new.newest_at, new.content, new.hash, new.sealed_at)
      = (old.n, old.lines, old.newest_at, old.content, old.hash, old.sealed_at) then
    return new;
  end if;
  raise exception 'seals of the audit log stay as they are' using errcode = '42501';
end $function$
;

CREATE OR REPLACE FUNCTION public.audit_unsealed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  insert into audit_unsealed (scope_id, id, created_at) select scope_id, id, created_at from written;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.bound_follows(p_user uuid, p_workspace uuid, p_root uuid)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  v_max constant int := 1000;
  v_chat uuid;
  v_root uuid;
begin
  if (select count(*) from thread_follows f where f.user_id = p_user and f.workspace_id = p_workspace and f.is_following) > v_max then
    select f.chat_id, f.root_id into v_chat, v_root from thread_follows f
    left join lateral (select t.last_reply_at from threads t where t.root_id = f.root_id limit 1) t on true
    where f.user_id = p_user and f.workspace_id = p_workspace and f.is_following and f.root_id <> p_root
    order by t.last_reply_at nulls first, f.root_id limit 1 for update of f skip locked;
    if found then
      update thread_follows f set is_following = false, mark_version = f.mark_version + 1
      where f.user_id = p_user and f.chat_id = v_chat and f.root_id = v_root;
      insert into event_log (user_id, chat_id, code, subject_id) values (p_user, v_chat, 17, v_root);
    end if;
  end if;
  delete from thread_follows f using (
    select f.chat_id, f.root_id from thread_follows f
    left join lateral (select t.last_reply_at from threads t where t.root_id = f.root_id limit 1) t on true
    where f.user_id = p_user and f.workspace_id = p_workspace and not f.is_following and f.root_id <> p_root
    order by t.last_reply_at desc nulls last, f.root_id desc offset v_max) over
  where f.user_id = p_user and f.chat_id = over.chat_id and f.root_id = over.root_id and not f.is_following;
end $function$
;

CREATE OR REPLACE FUNCTION public.change_reaction(p_chat uuid, p_message uuid, p_user uuid, p_emoji text, p_is_added boolean, p_seq bigint)
 RETURNS smallint
 LANGUAGE plpgsql
AS $function$
declare
  v_parts jsonb;
  v_changed jsonb;
begin
  select m.parts into v_parts from messages m where m.id = p_message and m.chat_id = p_chat and m.deleted_at is null;
  if not found then return 8; end if;
  v_changed := changed_reactions(coalesce(v_parts -> 'reactions', '[]'), p_message, p_user, p_emoji, p_is_added, p_seq);
  if v_changed is null then return 1; end if;
  if v_changed = 'false' then return 9; end if;
  perform write_reactions(p_message, v_parts, v_changed, p_seq);
  return 0;
end $function$
;

CREATE OR REPLACE FUNCTION public.changed_reactions(p_kinds jsonb, p_message uuid, p_user uuid, p_emoji text, p_is_added boolean, p_seq bigint)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_at int := 0;
  v_kind jsonb := p_kinds -> 0;
  v_count int;
  v_first jsonb;
begin
  while v_kind is not null and v_kind ->> 'emoji' <> p_emoji loop
    v_at := v_at + 1;
    v_kind := p_kinds -> v_at;
  end loop;
  if p_is_added then
    if v_at >= 20 then return 'false'; end if;
    insert into reactions (message_id, emoji, user_id, seq) values (p_message, p_emoji, p_user, p_seq) on conflict do nothing;
  else
    if v_kind is null then return null; end if;
    delete from reactions where message_id = p_message and emoji = p_emoji and user_id = p_user;
  end if;
  if not found then return null; end if;
  v_count := coalesce((v_kind ->> 'count')::int, 0) + case when p_is_added then 1 else -1 end;
  if v_count = 0 then return p_kinds - v_at; end if;
  v_first := coalesce(v_kind -> 'userIds', '[]');
  -- The next person is looked up only if one of the first ten leaves and there are more.
  if p_is_added then
    if v_count <= 10 then v_first := v_first || to_jsonb(p_user); end if;
  elsif v_first ? p_user::text then
    v_first := case
      when v_count < 10 then v_first - p_user::text
      else to_jsonb(array(
        select r.user_id from reactions r where r.message_id = p_message and r.emoji = p_emoji order by r.seq limit 10))
    end;
  end if;
  return jsonb_set(p_kinds, array[v_at::text], jsonb_build_object('emoji', p_emoji, 'count', v_count, 'userIds', v_first));
end $function$
;

CREATE OR REPLACE FUNCTION public.chat_member_left()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from thread_follows f where f.user_id = new.user_id and f.chat_id = new.chat_id;
  return new;
end $function$
;

CREATE OR REPLACE FUNCTION public.claim_files(p_ids uuid[], p_extras jsonb[])
 RETURNS void
 LANGUAGE sql
AS $function$
  update files f set message_id = c.message_id, place = c.place, expires_at = null
  from (
    select m.id as message_id, x.id::uuid as file_id, x.place
    from unnest(p_ids, p_extras) i (id, extras)
    cross join lateral (select m.id from messages m where m.id = i.id limit 1) m
    cross join lateral jsonb_array_elements_text(i.extras -> 'file_ids') with ordinality x (id, place)) c
  where f.id = c.file_id
$function$
;

CREATE OR REPLACE FUNCTION public.count_stream_ticket(p_session uuid, p_max integer)
 RETURNS TABLE(points integer, reset_ms double precision)
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  insert into rate_limits as r (key, points, expire)
  select 'ticket:' || p_session, 1, n.ms + 60000 from (select (extract(epoch from clock_timestamp()) * 1000)::bigint as ms) n
  on conflict (key) do update set
    points = case when r.expire <= excluded.expire - 60000 then 1 else least(r.points, p_max) + 1 end,
    expire = case when r.expire <= excluded.expire - 60000 then excluded.expire else r.expire end
  returning r.points, greatest(1, r.expire - (extract(epoch from clock_timestamp()) * 1000)::bigint)::float8 $function$
;

CREATE OR REPLACE FUNCTION public.follow_where_mentioned(p_message uuid)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare v_begun record;
begin
  for v_begun in
    with written as (
      insert into thread_follows as f (user_id, chat_id, root_id, workspace_id, is_following, last_read_number, mark_version, mark_seq)
      select n.user_id, m.chat_id, m.thread_id, h.workspace_id, true, m.number - 1, m.version, m.version
      from (select m.* from messages m where m.id = p_message limit 1) m
      cross join lateral (select h.workspace_id from chat_heads h where h.chat_id = m.chat_id limit 1) h
      cross join lateral (select n.user_id from mentions n where n.message_id = m.id and n.user_id is not null limit 50) n
      order by 1
      on conflict do nothing
      returning f.user_id, f.chat_id, f.root_id, f.workspace_id)
    select w.* from written w order by w.user_id
  loop
    insert into event_log (user_id, chat_id, code, subject_id) values (v_begun.user_id, v_begun.chat_id, 17, v_begun.root_id);
    perform bound_follows(v_begun.user_id, v_begun.workspace_id, v_begun.root_id);
  end loop;
end $function$
;

CREATE OR REPLACE FUNCTION public.forget_memberships(p_scope text, p_kept interval, p_user uuid, p_id uuid, p_seq bigint, p_limit integer)
 RETURNS TABLE(user_id uuid, id uuid, joined_seq bigint, gone bigint)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if p_kept is null or p_kept < interval '2 hours' then
    raise exception 'what the log may still tell of is kept' using errcode = '22023';
  end if;
  return query execute format($q$
    with looked_at as materialized (
      select m.user_id, m.%1$I as id, m.joined_seq, m.left_at from %2$I m
      where (m.user_id, m.%1$I, m.joined_seq) > ($1, $2, $3) order by 1, 2, 3 limit $4),
    deleted as (
      delete from %2$I m using looked_at l
      where (m.user_id, m.%1$I, m.joined_seq) = (l.user_id, l.id, l.joined_seq) and l.left_at < clock_timestamp() - $5
        and l.joined_seq < (select max(n.joined_seq) from %2$I n where n.user_id = l.user_id and n.%1$I = l.id)
      returning 1)
    select l.user_id, l.id, l.joined_seq, (select count(*) from deleted) from looked_at l order by 1 desc, 2 desc, 3 desc limit 1 $q$,
    p_scope || '_id', p_scope || '_members') using p_user, p_id, p_seq, p_limit, p_kept;
end $function$
;

CREATE OR REPLACE FUNCTION public.latest_repliers(p_ids uuid[])
 RETURNS uuid[]
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select array_agg(x.id order by x.ord) from (
    select i.id, min(i.ord) as ord from unnest(p_ids) with ordinality i (id, ord) group by 1 order by 2 limit 5) x
$function$
;

CREATE OR REPLACE FUNCTION public.lock_heads(p_chat uuid[], p_mode text)
 RETURNS uuid[]
 LANGUAGE plpgsql
AS $function$
declare v_held uuid[];
begin
  if p_mode = 'wait' then
    if (select count(distinct c) from unnest(p_chat) c) <> 1 then raise exception 'the slow lane takes one chat'; end if;
    perform set_config('lock_timeout', '2000', true);
    select array_agg(h.chat_id) into v_held from (select chat_id from chat_heads where chat_id = p_chat[1] for no key update) h;
  elsif p_mode = 'brief' then
    perform set_config('lock_timeout', '25', true);
    select array_agg(h.chat_id) into v_held from (select chat_id from chat_heads where chat_id = any (p_chat) order by chat_id for no key update) h;
  elsif p_mode = 'skip' then
    select array_agg(h.chat_id) into v_held from (select chat_id from chat_heads where chat_id = any (p_chat) order by chat_id for no key update skip locked) h;
  else
    raise exception 'no such mode: %', p_mode;
  end if;
  return v_held;
end $function$
;

CREATE OR REPLACE FUNCTION public.log_add_partitions()
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare v_parent text; v_last_id bigint; v_from bigint := 0; v_to bigint := 0; v_part text; v_made int := 0;
begin
  perform pg_advisory_xact_lock(hashtext('fechatter.log_partitions'));
  v_last_id := coalesce(pg_sequence_last_value(pg_get_serial_sequence('event_log', 'id')::regclass), 0);
  foreach v_parent in array array['event_log', 'log_order'] loop
    if v_parent = 'event_log' then
      v_from := v_last_id;
      v_to := v_last_id;
    else
      select pos, pos + greatest(v_last_id - event_id, 0) into v_from, v_to from log_order order by pos desc limit 1;
    end if;
    for n in coalesce(v_from, 0) / 1000000 .. coalesce(v_to, 0) / 1000000 + 3 loop
      v_part := format('%s_p%s', v_parent, n);
      continue when to_regclass(v_part) is not null;
      execute format('create table %I (like %I including all excluding identity)', v_part, v_parent);
      execute format('alter table %I attach partition %I for values from (%s) to (%s)', v_parent, v_part, n * 1000000, (n + 1) * 1000000);
      v_made := v_made + 1;
    end loop;
  end loop;
  return v_made;
end $function$
;

CREATE OR REPLACE FUNCTION public.log_forget_ticks(p_kept integer)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  delete from log_tick where tick_id < (select max(tick_id) from log_tick) - greatest(coalesce(p_kept, 0), 1000) $function$
;

CREATE OR REPLACE FUNCTION public.log_prune(p_retention interval)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare v_parent text; v_part record; v_first_at timestamptz; v_found boolean; v_dropped int := 0;
begin
  if p_retention is null or p_retention < interval '1 hour' then
    raise exception 'the log keeps at least an hour' using errcode = '22023';
  end if;
  if not pg_try_advisory_xact_lock(hashtext('fechatter.log_partitions')) then return 0; end if;
  perform set_config('lock_timeout', '200', true);
  foreach v_parent in array array['log_order', 'event_log'] loop
    for v_part in
      select c.relname, substring(c.relname from '_p(\d+)$')::bigint as n
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = v_parent::regclass order by 2
    loop
      if v_parent = 'event_log' then
        select true, e.created_at into v_found, v_first_at from event_log e
        where e.id >= (v_part.n + 1) * 1000000 order by e.id limit 1;
      else
        select true, coalesce(e.created_at, '-infinity') into v_found, v_first_at
        from (select event_id from log_order where pos >= (v_part.n + 1) * 1000000 order by pos limit 1) o
        left join event_log e on e.id = o.event_id;
      end if;
      exit when v_found is not true or v_first_at > clock_timestamp() - p_retention;
      begin
        execute format('drop table %I', v_part.relname);
      exception when lock_not_available then return v_dropped;
      end;
      v_dropped := v_dropped + 1;
    end loop;
  end loop;
  return v_dropped;
end $function$
;

CREATE OR REPLACE FUNCTION public.log_reset()
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  v_nonce int := (random() * 2147483647)::int;
  v_last_id bigint;
begin
  perform pg_advisory_xact_lock(hashtext('fechatter.log_partitions'));
  perform pg_advisory_xact_lock(hashtext('fechatter.log_step'));
  lock table log_order, event_log, log_tick in access exclusive mode;
  truncate event_log, log_tick, log_order;
  perform log_add_partitions();
  v_last_id := coalesce(pg_sequence_last_value(pg_get_serial_sequence('event_log', 'id')::regclass), 0);
  insert into log_tick (tick_id, snap, last_pos, nonce) values (0, pg_current_snapshot(), 0, v_nonce);
  insert into log_order (pos, event_id, nonce) values (0, v_last_id, v_nonce);
end $function$
;

CREATE OR REPLACE FUNCTION public.log_sequence()
 RETURNS bigint
 LANGUAGE sql
AS $function$
  with last as materialized (select tick_id, snap, last_pos from log_tick order by tick_id desc limit 1),
  probe as materialized (
    select 1 from last
    where (select e.xid from event_log e order by e.xid desc limit 1) >= pg_snapshot_xmax(last.snap)
       or exists (select 1 from unnest(array(select pg_snapshot_xip(last.snap))) x
                  cross join lateral (select 1 from event_log e where e.xid = x order by e.xid limit 1) z)),
  fresh as materialized (
    select id, workspace_id, workspace_seq, chat_id, chat_seq, user_id from event_log
    where exists (select 1 from probe)
      and xid >= (select pg_snapshot_xmax(snap) from last) and xid < pg_snapshot_xmax(pg_current_snapshot())
    union all
    select id, workspace_id, workspace_seq, chat_id, chat_seq, user_id from event_log
    where exists (select 1 from probe) and xid = any (array(select pg_snapshot_xip(snap) from last))),
  tick as (
    insert into log_tick (tick_id, snap, last_pos, nonce)
    select last.tick_id + 1, pg_current_snapshot(), last.last_pos + (select count(*) from fresh), (random() * 2147483647)::int
    from last where exists (select 1 from fresh)
    on conflict (tick_id) do nothing returning last_pos, nonce),
  ordered as (
    insert into log_order (pos, event_id, workspace_id, workspace_seq, chat_id, chat_seq, user_id, nonce)
    select last.last_pos + row_number() over (order by f.id), f.id, f.workspace_id, f.workspace_seq, f.chat_id, f.chat_seq, f.user_id, tick.nonce
    from fresh f, last, tick)
  select last_pos from tick $function$
;

CREATE OR REPLACE FUNCTION public.log_step()
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare v_last pg_snapshot;
begin
  if pg_current_xact_id_if_assigned() is not null or current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'log_step() stands alone: its own READ COMMITTED transaction, nothing written before it' using errcode = '25001';
  end if;
  if current_setting('statement_timeout') <> '0' then
    raise exception 'log_step() cannot be cut: statement_timeout must be 0 on its connection' using errcode = '55000';
  end if;
  if current_setting('transaction_timeout', true) is not null then
    perform set_config('transaction_timeout', '0', true);
  end if;
  if current_setting('synchronous_commit') in ('off', 'local') then
    perform set_config('synchronous_commit', 'on', true);
  end if;
  if not pg_try_advisory_xact_lock(hashtext('fechatter.log_step')) then return -1; end if;
  select snap into v_last from log_tick order by tick_id desc limit 1;
  if v_last is null or pg_snapshot_xmax(pg_current_snapshot()) < pg_snapshot_xmax(v_last) then
    raise exception 'this log was written by another cluster: run "fechatter log reset"' using errcode = '55000';
  end if;
  return log_sequence();
end $function$
;

CREATE OR REPLACE FUNCTION public.member_left()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.left_at := clock_timestamp();
  return new;
end $function$
;

CREATE OR REPLACE FUNCTION public.message_files_end()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update files set state = 'Gone', wrapped_key = null, sealed_name = null where message_id = new.id and state <> 'Gone';
  return new;
end $function$
;

CREATE OR REPLACE FUNCTION public.message_parts_end()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from reactions where message_id = new.id;
  delete from mentions where message_id = new.id;
  new.parts := case when new.parts ? 'thread' then '{"thread": true}'::jsonb end;
  return new;
end $function$
;

CREATE OR REPLACE FUNCTION public.message_pin_ends()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from pins where message_id = new.id;
  return new;
end $function$
;

CREATE OR REPLACE FUNCTION public.message_reply_end()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update threads t set reply_count = t.reply_count - 1, version = greatest(t.version, new.version) where t.root_id = new.thread_id;
  return new;
end $function$
;

CREATE OR REPLACE FUNCTION public.people_seen(p_viewers uuid[], p_users uuid[])
 RETURNS TABLE(viewer_id uuid, user_id uuid)
 LANGUAGE sql
 STABLE
AS $function$
  select p.viewer_id, p.user_id from unnest(p_viewers, p_users) p (viewer_id, user_id)
  where p.viewer_id = p.user_id or exists (
    select from live_workspace_members mine
    join live_workspace_members theirs on theirs.workspace_id = mine.workspace_id and theirs.user_id = p.user_id
    where mine.user_id = p.viewer_id and (mine.role >= 'Member' or exists (
      select from live_chat_members own
      join chat_heads h on h.chat_id = own.chat_id and h.workspace_id = mine.workspace_id
      join live_chat_members other on other.chat_id = own.chat_id and other.user_id = p.user_id
      where own.user_id = p.viewer_id)))
$function$
;

CREATE OR REPLACE FUNCTION public.presence_is_shown(p_user uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce((select p.show_presence from user_preferences p where p.user_id = p_user), true)
$function$
;

CREATE OR REPLACE FUNCTION public.presence_now(p_users uuid[])
 RETURNS TABLE(user_id uuid, presence text, emoji text, status_text text, status_expires_at timestamp with time zone)
 LANGUAGE sql
 STABLE
AS $function$
  select u.id,
    case
      when not presence_is_shown(u.id) or not exists (
        select from presence_people p join presence_instances i on i.id = p.instance_id
        where p.user_id = u.id and i.leased_until > now()) then 'offline'
      when exists (
        select from presence_activity a where a.user_id = u.id and a.active_at > now() - interval '5 minutes') then 'online'
      else 'idle'
    end,
    s.emoji, s.text, s.expires_at
  from unnest(p_users) u (id)
  left join custom_statuses s on s.user_id = u.id and (s.expires_at is null or s.expires_at > now())
$function$
;

CREATE OR REPLACE FUNCTION public.presence_renew(p_instance uuid, p_lease_ms integer)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into presence_instances as i (id, leased_until)
  values (p_instance, clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0))
  on conflict (id) do update set leased_until = excluded.leased_until
$function$
;

CREATE OR REPLACE FUNCTION public.presence_repair(p_instance uuid, p_lease_ms integer, p_people uuid[], p_streams uuid[])
 RETURNS TABLE(stream_id uuid)
 LANGUAGE plpgsql
AS $function$
begin
  perform presence_renew(p_instance, p_lease_ms);
  delete from presence_people p where p.instance_id = p_instance
    and not exists (select from unnest(p_people) x (id) where x.id = p.user_id);
  insert into presence_people (user_id, instance_id) select x.id, p_instance from unnest(p_people) x (id) on conflict do nothing;
  delete from presence_streams s where s.instance_id = p_instance
    and not exists (select from unnest(p_streams) x (id) where x.id = s.id);
  delete from presence_instances i where i.id in (
    select d.id from presence_instances d where d.leased_until < clock_timestamp() - interval '1 minute' for update skip locked);
  delete from presence_people p where not exists (select from presence_instances i where i.id = p.instance_id);
  delete from presence_streams s where not exists (select from presence_instances i where i.id = s.instance_id);
  delete from presence_activity a where (a.user_id, a.session_id) in (
    select d.user_id, d.session_id from presence_activity d
    where d.active_at < clock_timestamp() - interval '10 minutes' for update skip locked);
  return query select x.id from unnest(p_streams) x (id) where not exists (select from presence_streams s where s.id = x.id);
end $function$
;

CREATE OR REPLACE FUNCTION public.presence_restore(p_instance uuid, p_streams jsonb)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into presence_streams (id, instance_id, session_id, user_ids)
  select s.id, p_instance, s.session_id, s.user_ids
  from jsonb_to_recordset(p_streams) s (id uuid, session_id uuid, user_ids uuid[])
  on conflict do nothing
$function$
;

CREATE OR REPLACE FUNCTION public.presence_set_activity(p_user uuid, p_session uuid, p_is_active boolean)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  v_before boolean := exists (
    select from presence_activity a where a.user_id = p_user and a.active_at > now() - interval '5 minutes');
begin
  insert into presence_activity as a (user_id, session_id, active_at)
  values (p_user, p_session, case when p_is_active then clock_timestamp() else '-infinity' end)
  on conflict (user_id, session_id) do update set active_at = excluded.active_at;
  return v_before <> exists (
    select from presence_activity a where a.user_id = p_user and a.active_at > now() - interval '5 minutes');
end $function$
;

CREATE OR REPLACE FUNCTION public.presence_write(p_instance uuid, p_lease_ms integer, p_came uuid[], p_came_by uuid[], p_went uuid[], p_opened uuid[], p_opened_by uuid[], p_closed uuid[])
 RETURNS TABLE(user_id uuid)
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
begin
  perform presence_renew(p_instance, p_lease_ms);
  delete from presence_streams s where s.id = any (p_closed) and s.instance_id = p_instance;
  insert into presence_streams (id, instance_id, session_id)
  select o.id, p_instance, o.session_id from unnest(p_opened, p_opened_by) o (id, session_id)
  on conflict do nothing;
  return query
  with came as materialized (select c.* from unnest(p_came, p_came_by) c (user_id, session_id) order by 1),
  fresh as materialized (
    select c.* from came c where not exists (
      select from presence_people p join presence_instances i on i.id = p.instance_id
      where p.user_id = c.user_id and i.leased_until > clock_timestamp())),
  active as (
    insert into presence_activity as a (user_id, session_id, active_at)
    select f.user_id, f.session_id, clock_timestamp() from fresh f order by 1, 2
    on conflict (user_id, session_id) do update set active_at = excluded.active_at),
  put as (
    insert into presence_people (user_id, instance_id) select c.user_id, p_instance from came c on conflict do nothing)
  select f.user_id from fresh f;
  return query
  with gone as (
    delete from presence_people p where p.user_id = any (p_went) and p.instance_id = p_instance returning p.user_id)
  select g.user_id from gone g where not exists (
    select from presence_people p join presence_instances i on i.id = p.instance_id
    where p.user_id = g.user_id and p.instance_id <> p_instance and i.leased_until > clock_timestamp());
end $function$
;

CREATE OR REPLACE FUNCTION public.push_claim(p_lease uuid, p_lease_seconds integer, p_max integer, p_unproven integer, p_per_host integer, p_hosts text[], p_free integer[], p_is_proven boolean[])
 RETURNS SETOF push_pending
 LANGUAGE sql
AS $function$
  with recursive hosts (host) as (
    (select p.host from push_pending p order by p.host limit 1)
    union all
    select (select p.host from push_pending p where p.host > h.host order by p.host limit 1) from hosts h where h.host is not null),
  found as materialized (
    select d.id, d.due_at, coalesce(b.is_proven, false) as is_proven
    from (select h.host from hosts h where h.host is not null) h
    left join unnest(p_hosts, p_free, p_is_proven) b (host, free, is_proven) on b.host = h.host
    cross join lateral (
      select p.id, p.due_at from push_pending p
      where p.host = h.host and p.due_at <= clock_timestamp()
      order by p.due_at limit coalesce(b.free, p_per_host) for update skip locked) d),
  due as (
    select f.id from (
      (select id, due_at from found where is_proven)
      union all
      (select id, due_at from found where not is_proven order by due_at limit p_unproven)) f
    order by f.due_at limit p_max)
  update push_pending p
  set lease = p_lease, attempts = p.attempts + 1, due_at = clock_timestamp() + make_interval(secs => p_lease_seconds)
  from due where p.id = due.id returning p.*
$function$
;

CREATE OR REPLACE FUNCTION public.push_enqueue(p_ids uuid[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if not exists (select from push_subscriptions) then return; end if;

  -- Who writes to a chat has read it.
  perform push_enqueue_clearing(array_agg(m.sender_id), array_agg(m.chat_id)) from messages m where m.id = any (p_ids);

  insert into push_progress as k (chat_id, seq)
  select m.chat_id, max(m.seq) from messages m where m.id = any (p_ids) group by 1 order by 1
  on conflict (chat_id) do update set seq = greatest(k.seq, excluded.seq);

  with sent as materialized (
    select m.id, m.chat_id, h.chat_type, m.seq, m.number, m.thread_id, m.sender_id, m.parts ? 'mentions' as has_mentions
    from messages m join chat_heads h on h.chat_id = m.chat_id
    -- What waited longer than pushes are kept is no news.
    where m.id = any (p_ids) and m.deleted_at is null and m.created_at > clock_timestamp() - interval '24 hours'),
  timelines as materialized (
    select s.chat_id, s.chat_type, min(s.seq) as seq, max(s.number) as number,
      case when min(s.sender_id::text) = max(s.sender_id::text) then min(s.sender_id::text)::uuid end as only_sender
    from sent s where s.thread_id is null group by 1, 2),
  found as (
    select l.user_id, t.chat_id, t.seq from timelines t join live_chat_members l on l.chat_id = t.chat_id
    where t.chat_type in ('Single', 'Group') and (l.notify_level is null or l.notify_level = 'All')
      and l.last_read_number < t.number and l.user_id is distinct from t.only_sender
    union all
    -- By an index of those who chose All: a channel may have any number of members.
    select l.user_id, t.chat_id, t.seq from timelines t join live_chat_members l on l.chat_id = t.chat_id
    where t.chat_type not in ('Single', 'Group') and l.notify_level = 'All'
      and l.last_read_number < t.number and l.user_id is distinct from t.only_sender
    union all
    select n.user_id, s.chat_id, s.seq from sent s join mentions n on n.message_id = s.id
    where s.has_mentions and s.thread_id is null and n.user_id is not null
    union all
    select l.user_id, s.chat_id, s.seq from sent s join mentions n on n.message_id = s.id and n.user_id is null
    join live_chat_members l on l.chat_id = s.chat_id
    where s.has_mentions and s.thread_id is null and l.user_id <> s.sender_id
    union all
    select f.user_id, s.chat_id, s.seq from sent s join thread_follows f on f.root_id = s.thread_id and f.is_following
    where s.thread_id is not null and f.user_id <> s.sender_id),
  people as (select f.user_id, f.chat_id, min(f.seq) as seq from found f group by 1, 2)
  insert into push_pending as p (subscription_id, chat_id, host, first_seq, due_at)
  select s.id, o.chat_id, s.host, o.seq, clock_timestamp() + case when exists (
      select from presence_people x join presence_instances i on i.id = x.instance_id
      where x.user_id = o.user_id and i.leased_until > clock_timestamp()) then interval '30 seconds' else interval '5 seconds' end
  from people o
  join push_subscriptions s on s.user_id = o.user_id
  join push_kinds y on y.kind = s.kind
  join live_chat_members l on l.chat_id = o.chat_id and l.user_id = o.user_id
  where l.notify_level is distinct from 'Nothing' and (l.muted_until is null or l.muted_until <= clock_timestamp())
  order by 1, 2
  on conflict (subscription_id, chat_id, is_clearing) do update set newer_seq = greatest(p.newer_seq, excluded.first_seq)
  where p.lease is not null;
end $function$
;

CREATE OR REPLACE FUNCTION public.push_enqueue_clearing(p_users uuid[], p_chats uuid[])
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into push_pending as p (subscription_id, chat_id, is_clearing, host)
  select s.id, h.chat_id, true, s.host
  from (select distinct r.user_id, r.chat_id from unnest(p_users, p_chats) r (user_id, chat_id)) r
  join push_subscriptions s on s.user_id = r.user_id
  join push_shown h on h.subscription_id = s.id and h.chat_id = r.chat_id
  join push_kinds y on y.kind = s.kind
  order by 1, 2
  on conflict (subscription_id, chat_id, is_clearing) do update set lease = null, due_at = clock_timestamp()
  where p.lease is not null
$function$
;

CREATE OR REPLACE FUNCTION public.push_is_from_others(p_message messages, p_user uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select p_message.deleted_at is null and p_message.sender_id <> p_user
    and not exists (select from blocks b where b.user_id = p_user and b.blocked_id = p_message.sender_id)
$function$
;

CREATE OR REPLACE FUNCTION public.push_is_quiet(p_hours jsonb, p_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  v_local timestamp;
  v_from time := (p_hours ->> 'from')::time;
  v_to time := (p_hours ->> 'to')::time;
begin
  begin
    v_local := p_at at time zone (p_hours ->> 'timeZone');
  exception when invalid_parameter_value then
    return false;
  end;
  if v_from < v_to then
    return v_local::time >= v_from and v_local::time < v_to and p_hours -> 'days' @> to_jsonb(extract(isodow from v_local)::int);
  end if;
  return (v_local::time >= v_from and p_hours -> 'days' @> to_jsonb(extract(isodow from v_local)::int))
    or (v_local::time < v_to and p_hours -> 'days' @> to_jsonb(extract(isodow from v_local - interval '1 day')::int));
end $function$
;

CREATE OR REPLACE FUNCTION public.push_is_unread(p_user uuid, p_message uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (
    select from messages m
    join live_chat_members l on l.chat_id = m.chat_id and l.user_id = p_user
    left join thread_follows f on f.user_id = p_user and f.chat_id = m.chat_id and f.root_id = m.thread_id
    where m.id = p_message and m.deleted_at is null
      and m.number > case when m.thread_id is null then l.last_read_number else coalesce(f.last_read_number, 0) end)
$function$
;

CREATE OR REPLACE FUNCTION public.push_level(p_chosen notify_level, p_type chat_type)
 RETURNS notify_level
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select coalesce(p_chosen, case when p_type in ('Single', 'Group') then 'All'::notify_level else 'Mentions'::notify_level end)
$function$
;

CREATE OR REPLACE FUNCTION public.push_subscribe(p_id uuid, p_user uuid, p_session uuid, p_kind text, p_address_hash bytea, p_host text, p_sealed bytea, p_max integer)
 RETURNS TABLE(subscription_id uuid)
 LANGUAGE plpgsql
AS $function$
begin
  if not exists (select from live_sessions s where s.id = p_session and s.user_id = p_user) then return; end if;
  perform pg_advisory_xact_lock(hashtextextended('fechatter.push:' || p_user, 0));
  delete from push_subscriptions d
  where d.user_id = p_user and not exists (select from live_sessions s where s.id = d.session_id);
  if (select count(*) from push_subscriptions c where c.user_id = p_user and c.address_hash <> p_address_hash) >= p_max then
    return query select null::uuid;
    return;
  end if;
  return query
    insert into push_subscriptions as p (id, user_id, session_id, kind, address_hash, host, sealed)
    values (p_id, p_user, p_session, p_kind, p_address_hash, p_host, p_sealed)
    on conflict (address_hash) do update set
      id = case when p.session_id = excluded.session_id then p.id else excluded.id end,
      user_id = excluded.user_id, session_id = excluded.session_id, kind = excluded.kind, host = excluded.host,
      sealed = excluded.sealed, created_at = excluded.created_at, failure = null, failing_since = null
    returning p.id;
end $function$
;

CREATE OR REPLACE FUNCTION public.push_wanted(p_user uuid, p_chat uuid, p_from bigint, p_to bigint)
 RETURNS TABLE(message_id uuid, is_mention boolean)
 LANGUAGE sql
 STABLE
AS $function$
  with place as materialized (
    select l.last_read_number, greatest(p_from, l.joined_seq) as from_seq, v.level
    from live_chat_members l
    join chats c on c.id = l.chat_id and c.deleted_at is null
    join workspaces w on w.id = c.workspace_id and w.deleted_at is null
    cross join lateral (select push_level(l.notify_level, c.chat_type) as level) v
    where l.chat_id = p_chat and l.user_id = p_user and v.level <> 'Nothing'
      and (l.muted_until is null or l.muted_until <= clock_timestamp())
      and not exists (
        select from user_preferences q
        where q.user_id = p_user and q.quiet_hours is not null and push_is_quiet(q.quiet_hours, clock_timestamp()))),
  found as (
    select m.id, m.seq, false as is_mention from place p cross join lateral (
      select m.id, m.seq from messages m
      where m.chat_id = p_chat and m.thread_id is null and m.seq between p.from_seq and p_to
        and m.number > p.last_read_number and push_is_from_others(m, p_user)
      order by m.seq desc limit 1) m
    where p.level = 'All'
    union all
    select m.id, m.seq, true from place p cross join lateral (
      select m.id, m.seq from mentions n join messages m on m.id = n.message_id
      where n.user_id = p_user and n.chat_id = p_chat and n.thread_id is null and n.number > p.last_read_number
        and m.seq between p.from_seq and p_to and push_is_from_others(m, p_user)
      order by n.number desc limit 1) m
    union all
    select m.id, m.seq, true from place p cross join lateral (
      select m.id, m.seq from mentions n join messages m on m.id = n.message_id
      where n.user_id is null and n.chat_id = p_chat and n.thread_id is null and n.number > p.last_read_number
        and m.seq between p.from_seq and p_to and push_is_from_others(m, p_user)
      order by n.number desc limit 1) m
    union all
    select m.id, m.seq, m.is_mention from place p
    join thread_follows f on f.user_id = p_user and f.chat_id = p_chat and f.is_following
    cross join lateral (
      select m.id, m.seq,
        exists (select from mentions n where n.message_id = m.id and (n.user_id = p_user or n.user_id is null)) as is_mention
      from messages m
      where m.thread_id = f.root_id and m.seq between p.from_seq and p_to
        and m.number > f.last_read_number and push_is_from_others(m, p_user)
      order by m.seq desc limit 1) m)
  select (array_agg(f.id order by f.seq desc))[1], bool_or(f.is_mention) from found f having count(*) > 0
$function$
;

CREATE OR REPLACE FUNCTION public.react_held(p_held uuid[], p_reactions jsonb[], p_limit integer)
 RETURNS TABLE(ord integer, outcome smallint, used integer)
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
declare
  v_minute bigint := floor(extract(epoch from clock_timestamp()) / 60);
  v_users uuid[];
  v_counts int[];
  v_at int;
  v_one record;
  v_outcome smallint;
  v_chat uuid;
  v_workspace uuid;
  v_seq bigint;
  v_message uuid;
  v_version bigint;
  v_parts jsonb;
  v_kinds jsonb;
  v_changed jsonb;
  v_heads uuid[] := '{}';
  v_seqs bigint[] := '{}';
  v_workspaces uuid[] := '{}';
  v_chats uuid[] := '{}';
  v_chat_seqs bigint[] := '{}';
  v_subjects uuid[] := '{}';
  v_facts jsonb[] := '{}';
begin
  if p_limit > 0 then
    with counted as (
      insert into reaction_counters as c (user_id, minute, changed)
      select distinct (r ->> 'user_id')::uuid, v_minute, 0 from unnest(p_reactions) r order by 1
      on conflict (user_id) do update set
        -- The row may already count the next minute: this batch read the clock and then waited.
        minute = case when c.minute = excluded.minute + 1 then c.minute else excluded.minute end,
        changed = case when c.minute - excluded.minute in (0, 1) then c.changed else 0 end
      returning c.user_id, c.changed)
    select array_agg(c.user_id), array_agg(c.changed) into v_users, v_counts from counted c;
  end if;

  for v_one in
    select i.*, h.workspace_id, h.last_seq,
      case
        when h.chat_id is null then 2
        when not coalesce(i.chat_id = any (p_held), false) then 4
        when w.user_id is not null and m.user_id is not null then case when h.posting = 'Nobody' then 10 else 0 end
        when w.role >= 'Member' and h.chat_type = 'PublicChannel'
          and exists (select 1 from chats c where c.id = i.chat_id and c.deleted_at is null) then 5
        else 2
      end as judged
    from (
      select t.*, e.ord from unnest(p_reactions) with ordinality e (value, ord),
        jsonb_to_record(e.value) as t (chat_id uuid, user_id uuid, message_id uuid, emoji text, is_added boolean)) i
    left join lateral (select h.* from chat_heads h where h.chat_id = i.chat_id limit 1) h on true
    left join lateral (
      select w.user_id, w.role from live_workspace_members w
      where w.workspace_id = h.workspace_id and w.user_id = i.user_id limit 1) w on true
    left join lateral (
      select m.user_id from live_chat_members m
      where m.chat_id = i.chat_id and m.user_id = i.user_id limit 1) m on true
    order by i.chat_id, i.message_id, i.ord
  loop
    if v_one.message_id is distinct from v_message or v_one.chat_id is distinct from v_chat then
      if v_version is not null then perform write_reactions(v_message, v_parts, v_kinds, v_version); end if;
      v_message := v_one.message_id;
      v_version := null;
      v_kinds := null;
      if v_one.judged = 0 then
        select m.parts, coalesce(m.parts -> 'reactions', '[]') into v_parts, v_kinds
        from messages m where m.id = v_message and m.chat_id = v_one.chat_id and m.deleted_at is null;
      end if;
    end if;
    if v_one.chat_id is distinct from v_chat then
      v_chat := v_one.chat_id;
      v_workspace := v_one.workspace_id;
      v_seq := v_one.last_seq;
    end if;
    v_at := array_position(v_users, v_one.user_id);
    v_outcome := v_one.judged;
    if v_outcome = 0 then
      if p_limit > 0 and v_counts[v_at] >= p_limit then
        v_outcome := 7;
      elsif v_kinds is null then
        v_outcome := 8;
      elsif v_one.is_added and v_one.emoji like ':%' and not exists (
        select from emoji e where e.workspace_id = v_workspace and e.name = btrim(v_one.emoji, ':')) then
        v_outcome := 11;
      else
        v_changed := changed_reactions(v_kinds, v_message, v_one.user_id, v_one.emoji, v_one.is_added, v_seq + 1);
        v_outcome := case when v_changed is null then 1 when v_changed = 'false' then 9 else 0 end;
      end if;
    end if;
    if v_outcome = 0 then
      v_seq := v_seq + 1;
      v_kinds := v_changed;
      v_version := v_seq;
      if v_heads[cardinality(v_heads)] is not distinct from v_chat then
        v_seqs[cardinality(v_seqs)] := v_seq;
      else
        v_heads := v_heads || v_chat;
        v_seqs := v_seqs || v_seq;
      end if;
      v_workspaces := v_workspaces || v_workspace;
      v_chats := v_chats || v_chat;
      v_chat_seqs := v_chat_seqs || v_seq;
      v_subjects := v_subjects || v_message;
      v_facts := v_facts || jsonb_build_object('userId', v_one.user_id, 'emoji', v_one.emoji, 'isAdded', v_one.is_added);
      if p_limit > 0 then v_counts[v_at] := v_counts[v_at] + 1; end if;
    end if;
    ord := v_one.ord;
    outcome := v_outcome;
    used := v_counts[v_at];
    return next;
  end loop;
  if v_version is not null then perform write_reactions(v_message, v_parts, v_kinds, v_version); end if;

  if cardinality(v_heads) = 0 then return; end if;
  update chat_heads h set last_seq = n.seq from unnest(v_heads, v_seqs) n (chat_id, seq) where h.chat_id = n.chat_id;
  insert into event_log (workspace_id, chat_id, chat_seq, code, subject_id, facts)
  select r.workspace_id, r.chat_id, r.chat_seq, 4, r.subject_id, r.facts
  from unnest(v_workspaces, v_chats, v_chat_seqs, v_subjects, v_facts)
    with ordinality r (workspace_id, chat_id, chat_seq, subject_id, facts, ord)
  order by r.ord;
  if p_limit > 0 then
    update reaction_counters c set changed = n.changed from unnest(v_users, v_counts) n (user_id, changed) where c.user_id = n.user_id;
  end if;
end $function$
;

CREATE OR REPLACE FUNCTION public.saved_message_ends()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from saved_messages where message_id = new.id;
  return new;
end $function$
;

CREATE OR REPLACE FUNCTION public.search_add_part(p_gen integer, p_from uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare v_part int;
begin
  v_part := search_add_unindexed_part(p_gen, p_from);
  perform search_index_part(v_part);
  return v_part;
end $function$
;

CREATE OR REPLACE FUNCTION public.search_add_unindexed_part(p_gen integer, p_from uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare v_part int; v_name text;
begin
  perform pg_advisory_xact_lock(hashtext('fechatter.log_partitions'));
  insert into search_parts (gen, from_id) values (p_gen, p_from) returning part into v_part;
  v_name := format('message_search_p%s', v_part);
  execute format('create table %I (like message_search including all)', v_name);
  execute format('alter table message_search attach partition %I for values in (%s)', v_name, v_part);
  return v_part;
end $function$
;

CREATE OR REPLACE FUNCTION public.search_begin(p_making jsonb)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare v_gen int; v_end uuid;
begin
  update search_generations set state = 'Retired' where state = 'Building';
  select id into v_end from messages order by id desc limit 1;
  v_end := coalesce(v_end, '00000000-0000-0000-0000-000000000000');
  insert into search_generations (making, walk_end) values (p_making, v_end) returning gen into v_gen;
  -- Messages from the log have a part of their own, because the parts of the walk are cut behind the last one that it wrote.
  if v_end > '00000000-0000-0000-0000-000000000000' then
    perform search_add_unindexed_part(v_gen, '00000000-0000-0000-0000-000000000000');
  end if;
  perform search_add_part(v_gen, v_end);
  return v_gen;
end $function$
;

CREATE OR REPLACE FUNCTION public.search_candidates(p_gen integer, p_before uuid, p_after uuid, p_limit integer, p_tokens integer[], p_ends integer[], p_budget_ms integer)
 RETURNS TABLE(message_id uuid, is_candidate boolean)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET enable_indexscan TO 'off'
 SET enable_indexonlyscan TO 'off'
 SET jit TO 'off'
 SET max_parallel_workers_per_gather TO '0'
AS $function$
declare
  v_deadline timestamptz := clock_timestamp() + p_budget_ms * interval '1 ms';
  v_any text[]; v_all text[]; v_where text;
  v_left int := p_limit; v_found int; v_from int := 1; v_part record; v_back uuid;
begin
  for v_chunk in 1 .. array_length(p_ends, 1) loop
    v_all := '{}';
    for v_group in 1 .. array_length(p_ends, 2) loop
      v_all := v_all || format('s.tokens && ($3)[%s:%s]', v_from, p_ends[v_chunk][v_group]);
      v_from := p_ends[v_chunk][v_group] + 1;
    end loop;
    v_any := v_any || ('(' || array_to_string(v_all, ' and ') || ')');
  end loop;
  v_where := format(' s where uuid_lt(s.message_id, $1) and uuid_gt(s.message_id, $2) and (%s) order by s.message_id desc limit $4',
    array_to_string(v_any, ' or '));
  for v_part in select p.part, p.from_id from search_parts p where p.gen = p_gen and p.from_id < p_before order by p.from_id desc loop
    if v_back is not null and clock_timestamp() > v_deadline then
      return query select v_back, false;
      return;
    end if;
    return query execute format('select s.message_id, true from %I', 'message_search_p' || v_part.part) || v_where
      using p_before, p_after, p_tokens, v_left;
    get diagnostics v_found = row_count;
    v_left := v_left - v_found;
    v_back := v_part.from_id;
    if v_left <= 0 or v_back <= p_after then return; end if;
  end loop;
end $function$
;

CREATE OR REPLACE FUNCTION public.search_drop_retired()
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare v_part int; v_dropped int := 0;
begin
  if not pg_try_advisory_xact_lock(hashtext('fechatter.log_partitions')) then return 0; end if;
  if exists (select from search_generations where active_at > clock_timestamp() - interval '1 minute') then return 0; end if;
  perform set_config('lock_timeout', '200', true);
  for v_part in select p.part from search_parts p join search_generations g on g.gen = p.gen where g.state = 'Retired' order by 1 loop
    begin
      execute format('drop table if exists %I', format('message_search_p%s', v_part));
      delete from search_parts where part = v_part;
    exception when lock_not_available then return v_dropped;
    end;
    v_dropped := v_dropped + 1;
  end loop;
  delete from search_generations g where g.state = 'Retired' and not exists (select from search_parts p where p.gen = g.gen);
  return v_dropped;
end $function$
;

CREATE OR REPLACE FUNCTION public.search_forget(p_ids uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare v_part int;
begin
  perform 1 from consumers where name = 'search-index' for no key update;
  for v_part in select distinct s.part from message_search s where s.message_id = any (p_ids) order by 1 loop
    execute format('delete from %I where message_id = any ($1)', 'message_search_p' || v_part) using p_ids;
  end loop;
end $function$
;

CREATE OR REPLACE FUNCTION public.search_index_part(p_part integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET maintenance_work_mem TO '256MB'
AS $function$
begin
  execute format('create index %I on %I using gin (tokens) with (fastupdate = off)',
    format('message_search_p%s_tokens', p_part), format('message_search_p%s', p_part));
  update search_parts set is_indexed = true where part = p_part;
end $function$
;

CREATE OR REPLACE FUNCTION public.send_batch(p_chat uuid[], p_user uuid[], p_client uuid[], p_id uuid[], p_body bytea[], p_mac bytea[], p_extras jsonb[], p_mode text, p_limit integer, p_reactions jsonb[] DEFAULT NULL::jsonb[], p_reaction_limit integer DEFAULT 0)
 RETURNS TABLE(ord integer, outcome smallint, id uuid, seq bigint, number bigint, version bigint, created_at timestamp with time zone, sender jsonb, used integer)
 LANGUAGE plpgsql
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET jit TO 'off'
AS $function$
declare v_held uuid[] := lock_heads(p_chat || array(select (r ->> 'chat_id')::uuid from unnest(p_reactions) r), p_mode);
begin
  if cardinality(p_chat) > 0 then
    return query select * from send_held(v_held, p_chat, p_user, p_client, p_id, p_body, p_mac, p_extras, p_limit);
  end if;
  if p_reactions is null then return; end if;
  return query select cardinality(p_chat) + r.ord, r.outcome, null::uuid, null::bigint, null::bigint, null::bigint,
    null::timestamptz, null::jsonb, r.used from react_held(v_held, p_reactions, p_reaction_limit) r;
end $function$
;

CREATE OR REPLACE FUNCTION public.send_held(p_held uuid[], p_chat uuid[], p_user uuid[], p_client uuid[], p_id uuid[], p_body bytea[], p_mac bytea[], p_extras jsonb[], p_limit integer)
 RETURNS TABLE(ord integer, outcome smallint, id uuid, seq bigint, number bigint, version bigint, created_at timestamp with time zone, sender jsonb, used integer)
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
declare
  v_minute bigint := floor(extract(epoch from clock_timestamp()) / 60);
  v_replies bigint[];
  v_refused smallint[];
  v_new uuid[];
begin
  -- In a statement of its own, so that plain messages do not pay for it: what replies and quotes refer to, and how many
  -- replies there are so far. No one else can add one, because the heads are locked.
  if exists (select from unnest(p_extras) e where e ?| array['thread_id', 'quoted_id']) then
    select array_agg(coalesce(t.last_number, 0) order by e.ord),
      array_agg((case
        when e.thread_id is not null and r.thread_id is not null then 11
        when e.thread_id is not null and (r.id is null or r.deleted_at is not null) then 10
        when e.quoted_id is not null and q.id is null then 10 end)::smallint order by e.ord)
    into v_replies, v_refused
    from (
      select u.chat_id, (u.extras ->> 'thread_id')::uuid as thread_id, (u.extras ->> 'quoted_id')::uuid as quoted_id, u.ord
      from unnest(p_chat, p_extras) with ordinality u (chat_id, extras, ord)) e
    left join lateral (
      select m.id, m.thread_id, m.deleted_at from messages m where m.id = e.thread_id and m.chat_id = e.chat_id limit 1) r on true
    left join lateral (select t.last_number from threads t where t.root_id = r.id limit 1) t on true
    left join lateral (
      select m.id from messages m where m.id = e.quoted_id and m.chat_id = e.chat_id and m.deleted_at is null limit 1) q on true;
  end if;

  -- The heads are held, so nothing ends a file before it is claimed. A repeat in the same batch names the same files.
  if p_extras is not null and exists (select from unnest(p_extras) e where e ? 'file_ids') then
    select array_agg(coalesce(v_refused[i.ord], (
      select min(case
        when f.id is null or f.chat_id is distinct from i.chat_id or f.uploader_id <> i.user_id or f.message_id is not null
          or f.state = 'Gone' or f.expires_at <= clock_timestamp() then 13
        when exists (
          select from unnest(p_chat, p_user, p_client, p_extras) with ordinality o (chat_id, user_id, client_id, extras, ord)
          where o.ord < i.ord and o.chat_id = i.chat_id and o.user_id = i.user_id and o.client_id <> i.client_id
            and o.extras -> 'file_ids' ? x.id) then 13
        when f.state = 'Uploading' then 14
        when f.state = 'Infected' then 15 end)
      from jsonb_array_elements_text(i.extras -> 'file_ids') x (id)
      left join lateral (select f.* from files f where f.id = x.id::uuid limit 1) f on true)::smallint) order by i.ord)
    into v_refused
    from unnest(p_chat, p_user, p_client, p_extras) with ordinality i (chat_id, user_id, client_id, extras, ord);
  end if;

  -- A batch whose commit was not confirmed comes again with the same ids. What belongs to its messages is written with them,
  -- and not again; null stands for those that are there already.
  if p_extras is not null then
    v_new := array(
      select case when m.id is null then i.id end from unnest(p_id) with ordinality i (id, ord)
      left join lateral (select m.id from messages m where m.id = i.id limit 1) m on true order by i.ord);
  end if;

  return query
  with input as materialized (
    select t.*, (t.extras ->> 'thread_id')::uuid as thread_id, (t.extras ->> 'quoted_id')::uuid as quoted_id
    from unnest(p_chat, p_user, p_client, p_id, p_body, p_mac, p_extras, v_replies, v_refused)
      with ordinality t (chat_id, user_id, client_id, id, body, mac, extras, replies, refused, ord)),
  judged as materialized (
    select i.*, h.chat_id is not null as is_chat, h.workspace_id, h.chat_type, coalesce(i.chat_id = any (p_held), false) as is_held,
      row_number() over (partition by i.chat_id, i.user_id, i.client_id order by i.ord) = 1 as is_first,
      w.user_id is not null and m.user_id is not null as is_member,
      w.user_id is not null and w.role >= 'Member' as is_in_workspace,
      h.posting = 'All' or (h.posting = 'Admins' and (
        m.role >= 'Admin' or (h.chat_type = 'PublicChannel' and w.role >= 'Admin'))) as may_post, h.posting,
      h.chat_type <> 'Single' or exists (
        select 1 from live_chat_members o where o.chat_id = i.chat_id and o.user_id <> i.user_id) as has_company,
      h.chat_type = 'Single' and exists (
        select from blocks b where b.blocked_id = i.user_id and b.user_id = (
          select o.user_id from live_chat_members o where o.chat_id = i.chat_id and o.user_id <> i.user_id limit 1)) as is_blocked,
      k.id as k_id, k.mac as k_mac
    from input i
    left join lateral (select h.* from chat_heads h where h.chat_id = i.chat_id limit 1) h on true
    left join lateral (
      select w.user_id, w.role from live_workspace_members w
      where w.workspace_id = h.workspace_id and w.user_id = i.user_id limit 1) w on true
    left join lateral (
      select m.user_id, m.role from live_chat_members m
      where m.chat_id = i.chat_id and m.user_id = i.user_id limit 1) m on true
    left join lateral (
      select k.id, k.mac from messages k
      where k.sender_id = i.user_id and k.client_id = i.client_id and k.chat_id is not distinct from i.chat_id limit 1) k on true),
  wanted as materialized (
    select j.*, row_number() over (partition by j.user_id order by j.ord) as of_user from judged j
    where j.is_held and j.is_member and j.k_id is null and j.is_first and j.has_company and not j.is_blocked and j.may_post and j.refused is null),
  counted as (
    insert into send_counters as c (user_id, minute, sent)
    select n.user_id, v_minute, n.sent from (select user_id, count(*)::int as sent from wanted where p_limit > 0 group by 1) n order by 1
    -- The row may already count the next minute: this batch read the clock and then waited. It adds to that count.
    on conflict (user_id) do update set
      minute = case when c.minute = excluded.minute + 1 then c.minute else excluded.minute end,
      sent = case when c.minute - excluded.minute in (0, 1) then c.sent + excluded.sent else excluded.sent end
    returning c.user_id, c.sent),
  allowance as materialized (
    select c.user_id, c.sent, c.sent - (select count(*) from wanted w where w.user_id = c.user_id) as before from counted c),
  fresh as materialized (
    select w.*, row_number() over in_chat as k, count(*) filter (where w.thread_id is null) over in_chat as k_main
    from wanted w left join allowance a on a.user_id = w.user_id
    where a.user_id is null or a.before + w.of_user <= p_limit
    window in_chat as (partition by w.chat_id order by w.ord)),
  bump as (
    update chat_heads h set last_seq = h.last_seq + n.sent, last_number = h.last_number + n.sent_main
    from (select f.chat_id, count(*) as sent, max(f.k_main) as sent_main from fresh f group by 1) n where h.chat_id = n.chat_id
    returning h.chat_id, h.last_seq - n.sent as base_seq, h.last_number - n.sent_main as base_number),
  written as (
    insert into messages (id, chat_id, seq, number, version, sender_id, client_id, body, mac, thread_id, parts)
    select f.id, f.chat_id, b.base_seq + f.k,
      case when f.thread_id is null then b.base_number + f.k_main
        else f.replies + (select count(*) from fresh g where g.thread_id = f.thread_id and g.k <= f.k) end,
      b.base_seq + f.k, f.user_id, f.client_id, f.body, f.mac, f.thread_id,
      case when f.quoted_id is not null or f.extras ? 'file_ids' then jsonb_strip_nulls(jsonb_build_object(
        'quotedId', f.quoted_id, 'files', case when f.extras ? 'file_ids' then true end)) end
    from fresh f join bump b on b.chat_id = f.chat_id
    returning messages.*),
  read_by_sender as (
    update chat_members m set last_read_seq = s.seq, last_read_number = s.number
    from (select w.chat_id, w.sender_id, max(w.seq) as seq, max(w.number) as number from written w
      where w.thread_id is null group by 1, 2) s
    where m.chat_id = s.chat_id and m.user_id = s.sender_id and m.left_seq is null),
  logged as (
    insert into event_log (workspace_id, chat_id, chat_seq, code, subject_id, facts)
    select f.workspace_id, f.chat_id, b.base_seq + f.k, 1, f.id,
      case when f.thread_id is null then '{}'::jsonb else jsonb_build_object('threadId', f.thread_id) end
    from fresh f join bump b on b.chat_id = f.chat_id order by f.chat_id, f.k)
  select j.ord::int,
    (case
      when not j.is_chat then 2
      when not j.is_held then 4
      when not j.is_member then
        case when j.is_in_workspace and j.chat_type = 'PublicChannel'
          and exists (select 1 from chats c where c.id = j.chat_id and c.deleted_at is null) then 5 else 2 end
      when j.k_id is not null then case when j.k_mac = j.mac then 1 else 3 end
      when not j.has_company then 6
      when j.is_blocked then 12
      when not j.may_post then case when j.posting = 'Nobody' then 8 else 9 end
      when j.refused is not null then j.refused
      when s.id is null then 7
      when s.id = j.id then 0
      when s.mac = j.mac then 1
      else 3
    end)::smallint,
    coalesce(j.k_id, s.id), s.seq, s.number, s.version, s.created_at,
    case when s.id = j.id then (
      select jsonb_build_object('kind', u.kind, 'name', u.full_name, 'avatar_url', u.avatar_url) from users u where u.id = j.user_id limit 1) end,
    (case when p_limit > 0 then coalesce(a.before + w.of_user, a.sent,
      (select c.sent from send_counters c where c.user_id = j.user_id and c.minute = v_minute), 0) end)::int
  from judged j
  left join written s on s.chat_id = j.chat_id and s.sender_id = j.user_id and s.client_id = j.client_id
  left join wanted w on w.ord = j.ord
  left join allowance a on a.user_id = j.user_id;

  if p_extras is null then return; end if;
  -- Each new follower gets one event: first because of the reply, then those whom it mentions and who do not follow yet.
  if exists (select from unnest(p_extras) e where e ? 'thread_id') then
    perform write_replies(v_new);
  end if;
  if exists (select from unnest(p_extras) e where e ? 'file_ids') then
    perform claim_files(v_new, p_extras);
  end if;
  perform write_mentions(i.id, i.extras -> 'mentions') from unnest(v_new, p_extras) i (id, extras)
  where i.id is not null and i.extras ? 'mentions';
end $function$
;

CREATE OR REPLACE FUNCTION public.send_messages(p_chat uuid[], p_user uuid[], p_client uuid[], p_id uuid[], p_body bytea[], p_mac bytea[], p_mode text, p_limit integer)
 RETURNS TABLE(ord integer, outcome smallint, id uuid, seq bigint, number bigint, version bigint, body bytea, created_at timestamp with time zone, edited_at timestamp with time zone, deleted_at timestamp with time zone, sender_name text, sender_avatar_url text, used integer)
 LANGUAGE plpgsql
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET jit TO 'off'
AS $function$
#variable_conflict use_column
declare v_held uuid[]; v_minute bigint := floor(extract(epoch from clock_timestamp()) / 60);
begin
  if p_mode = 'wait' then
    if (select count(distinct c) from unnest(p_chat) c) <> 1 then raise exception 'the slow lane takes one chat'; end if;
    perform set_config('lock_timeout', '2000', true);
    select array_agg(h.chat_id) into v_held from (select chat_id from chat_heads where chat_id = p_chat[1] for no key update) h;
  elsif p_mode = 'brief' then
    perform set_config('lock_timeout', '25', true);
    select array_agg(h.chat_id) into v_held from (select chat_id from chat_heads where chat_id = any (p_chat) order by chat_id for no key update) h;
  elsif p_mode = 'skip' then
    select array_agg(h.chat_id) into v_held from (select chat_id from chat_heads where chat_id = any (p_chat) order by chat_id for no key update skip locked) h;
  else
    raise exception 'no such mode: %', p_mode;
  end if;

  return query
  with input as materialized (
    select t.* from unnest(p_chat, p_user, p_client, p_id, p_body, p_mac) with ordinality t (chat_id, user_id, client_id, id, body, mac, ord)),
  judged as materialized (
    select i.*, h.chat_id is not null as is_chat, h.workspace_id, h.chat_type, coalesce(i.chat_id = any (v_held), false) as is_held,
      row_number() over (partition by i.chat_id, i.user_id, i.client_id order by i.ord) = 1 as is_first,
      w.user_id is not null and m.user_id is not null as is_member,
      w.user_id is not null as is_in_workspace,
      h.chat_type <> 'Single' or exists (
        select 1 from chat_members o where o.chat_id = i.chat_id and o.user_id <> i.user_id and o.left_seq is null) as has_company,
      k.id as k_id, k.mac as k_mac
    from input i
    left join lateral (select h.* from chat_heads h where h.chat_id = i.chat_id limit 1) h on true
    left join lateral (
      select w.user_id from workspace_members w
      where w.workspace_id = h.workspace_id and w.user_id = i.user_id and w.left_seq is null limit 1) w on true
    left join lateral (
      select m.user_id from chat_members m
      where m.chat_id = i.chat_id and m.user_id = i.user_id and m.left_seq is null limit 1) m on true
    left join lateral (
      select k.id, k.mac from messages k
      where k.sender_id = i.user_id and k.client_id = i.client_id and k.chat_id is not distinct from i.chat_id limit 1) k on true),
  wanted as materialized (
    select j.*, row_number() over (partition by j.user_id order by j.ord) as of_user from judged j
    where j.is_held and j.is_member and j.k_id is null and j.is_first and j.has_company),
  counted as (
    insert into send_counters as c (user_id, minute, sent)
    select n.user_id, v_minute, n.sent from (select user_id, count(*)::int as sent from wanted where p_limit > 0 group by 1) n order by 1
    -- The row may already count the next minute: this batch read the clock and then waited. It adds to that count.
    on conflict (user_id) do update set
      minute = case when c.minute = excluded.minute + 1 then c.minute else excluded.minute end,
      sent = case when c.minute - excluded.minute in (0, 1) then c.sent + excluded.sent else excluded.sent end
    returning c.user_id, c.sent),
  allowance as materialized (
    select c.user_id, c.sent, c.sent - (select count(*) from wanted w where w.user_id = c.user_id) as before from counted c),
  fresh as materialized (
    select w.*, row_number() over (partition by w.chat_id order by w.ord) as k
    from wanted w left join allowance a on a.user_id = w.user_id
    where a.user_id is null or a.before + w.of_user <= p_limit),
  bump as (
    update chat_heads h set last_seq = h.last_seq + n.sent, last_number = h.last_number + n.sent
    from (select f.chat_id, count(*) as sent from fresh f group by 1) n where h.chat_id = n.chat_id
    returning h.chat_id, h.last_seq - n.sent as base_seq, h.last_number - n.sent as base_number),
  written as (
    insert into messages (id, chat_id, seq, number, version, sender_id, client_id, body, mac)
    select f.id, f.chat_id, b.base_seq + f.k, b.base_number + f.k, b.base_seq + f.k, f.user_id, f.client_id, f.body, f.mac
    from fresh f join bump b on b.chat_id = f.chat_id
    returning messages.*),
  read_by_sender as (
    update chat_members m set last_read_seq = s.seq, last_read_number = s.number
    from (select w.chat_id, w.sender_id, max(w.seq) as seq, max(w.number) as number from written w group by 1, 2) s
    where m.chat_id = s.chat_id and m.user_id = s.sender_id and m.left_seq is null),
  logged as (
    insert into event_log (workspace_id, chat_id, chat_seq, code, subject_id)
    select f.workspace_id, f.chat_id, b.base_seq + f.k, 1, f.id from fresh f join bump b on b.chat_id = f.chat_id order by f.chat_id, f.k)
  select j.ord::int,
    (case
      when not j.is_chat then 2
      when not j.is_held then 4
      when not j.is_member then
        case when j.is_in_workspace and j.chat_type = 'PublicChannel'
          and exists (select 1 from chats c where c.id = j.chat_id and c.deleted_at is null) then 5 else 2 end
      when j.k_id is not null then case when j.k_mac = j.mac then 1 else 3 end
      when not j.has_company then 6
      when s.id is null then 7
      when s.id = j.id then 0
      when s.mac = j.mac then 1
      else 3
    end)::smallint,
    coalesce(k.id, s.id), coalesce(k.seq, s.seq), coalesce(k.number, s.number), coalesce(k.version, s.version),
    case when k.id is not null then k.body else s.body end,
    coalesce(k.created_at, s.created_at), k.edited_at, k.deleted_at, u.full_name, u.avatar_url,
    (case when p_limit > 0 then coalesce(a.before + w.of_user, a.sent,
      (select c.sent from send_counters c where c.user_id = j.user_id and c.minute = v_minute), 0) end)::int
  from judged j
  left join lateral (select k.* from messages k where k.id = j.k_id limit 1) k on true
  left join written s on s.chat_id = j.chat_id and s.sender_id = j.user_id and s.client_id = j.client_id
  left join lateral (select u.full_name, u.avatar_url from users u where u.id = j.user_id limit 1) u on true
  left join wanted w on w.ord = j.ord
  left join allowance a on a.user_id = j.user_id;
end $function$
;

CREATE OR REPLACE FUNCTION public.unread_mention_times(p_user uuid, p_since timestamp with time zone)
 RETURNS SETOF timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
  with place as materialized (
    select l.chat_id, l.last_read_number from live_chat_members l
    join chats c on c.id = l.chat_id and c.deleted_at is null
    join workspaces w on w.id = c.workspace_id and w.deleted_at is null
    where l.user_id = p_user and l.notify_level is distinct from 'Nothing'
      and (l.muted_until is null or l.muted_until <= clock_timestamp()))
  select m.created_at from (
    select n.message_id from place p cross join lateral (
      select n.message_id from mentions n
      where n.user_id = p_user and n.chat_id = p.chat_id and n.thread_id is null and n.number > p.last_read_number
      order by n.number desc limit 1000) n
    union all
    select n.message_id from place p
    join thread_follows f on f.user_id = p_user and f.chat_id = p.chat_id and f.is_following
    cross join lateral (
      select n.message_id from mentions n
      where n.user_id = p_user and n.chat_id = f.chat_id and n.thread_id = f.root_id and n.number > f.last_read_number
      order by n.number desc limit 1000) n) x
  join messages m on m.id = x.message_id and m.created_at >= p_since
  where push_is_from_others(m, p_user)
$function$
;

CREATE OR REPLACE FUNCTION public.unread_mentions(p_user uuid, p_since timestamp with time zone)
 RETURNS integer
 LANGUAGE sql
 STABLE
AS $function$
  select count(*)::int from (select from unread_mention_times(p_user, p_since) limit 100) x
$function$
;

CREATE OR REPLACE FUNCTION public.write_mentions(p_message uuid, p_named jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_of record;
  v_users uuid[];
  v_everyone boolean := coalesce((p_named ->> 'everyone')::boolean, false);
  v_mentions jsonb;
begin
  select m.chat_id, m.thread_id, m.number, m.sender_id, m.parts into v_of from messages m where m.id = p_message;
  if not found then return null; end if;
  v_users := array(
    select n.id::uuid from jsonb_array_elements_text(coalesce(p_named -> 'userIds', '[]')) with ordinality n (id, ord)
    cross join lateral (select from live_chat_members l where l.chat_id = v_of.chat_id and l.user_id = n.id::uuid limit 1) l
    where n.id::uuid <> v_of.sender_id order by n.ord limit 50);
  if v_everyone and (select count(*) from (select from live_chat_members l where l.chat_id = v_of.chat_id limit 101) c) > 100 then
    v_everyone := exists (
      select from chat_heads h
      left join lateral (
        select l.role from live_chat_members l where l.chat_id = h.chat_id and l.user_id = v_of.sender_id limit 1) l on true
      left join lateral (
        select w.role from live_workspace_members w where w.workspace_id = h.workspace_id and w.user_id = v_of.sender_id limit 1) w on true
      where h.chat_id = v_of.chat_id and (l.role >= 'Admin' or (h.chat_type = 'PublicChannel' and w.role >= 'Admin')));
  end if;
  if v_everyone or cardinality(v_users) > 0 then
    v_mentions := jsonb_build_object('userIds', v_users, 'everyone', v_everyone);
  end if;
  if v_mentions is not distinct from v_of.parts -> 'mentions' then return v_mentions; end if;

  delete from mentions d where d.message_id = p_message;
  insert into mentions (chat_id, thread_id, number, message_id, user_id, sender_id)
  select v_of.chat_id, v_of.thread_id, v_of.number, p_message, u.user_id, v_of.sender_id from (
    select unnest(v_users) as user_id union all select null where v_everyone) u;
  update messages set parts = case
    when v_mentions is null then nullif(v_of.parts - 'mentions', '{}')
    else coalesce(v_of.parts, '{}') || jsonb_build_object('mentions', v_mentions)
  end where id = p_message;
  if v_of.thread_id is not null then perform follow_where_mentioned(p_message); end if;
  return v_mentions;
end $function$
;

CREATE OR REPLACE FUNCTION public.write_reactions(p_message uuid, p_parts jsonb, p_kinds jsonb, p_seq bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update messages set version = p_seq, parts = case
    when p_kinds = '[]' then nullif(coalesce(p_parts, '{}') - 'reactions', '{}')
    else coalesce(p_parts, '{}') || jsonb_build_object('reactions', p_kinds)
  end where id = p_message;
end $function$
;

CREATE OR REPLACE FUNCTION public.write_replies(p_ids uuid[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare v_begun record;
begin
  with replies as materialized (
    select m.* from unnest(p_ids) i (id) cross join lateral (
      select m.* from messages m where m.id = i.id and m.thread_id is not null limit 1) m),
  counted as (
    insert into threads as t (root_id, version, reply_count, last_number, last_reply_at, participant_ids)
    select r.thread_id, max(r.seq), count(*), max(r.number), (array_agg(r.created_at order by r.seq desc))[1],
      latest_repliers(array_agg(r.sender_id order by r.seq desc))
    from replies r group by 1 order by 1
    on conflict (root_id) do update set version = excluded.version, reply_count = t.reply_count + excluded.reply_count,
      last_number = excluded.last_number, last_reply_at = excluded.last_reply_at,
      participant_ids = latest_repliers(excluded.participant_ids || t.participant_ids))
  update messages m set parts = coalesce(m.parts, '{}') || '{"thread": true}'
  from replies r where r.number = 1 and m.id = r.thread_id;

  for v_begun in
    with replies as materialized (
      select m.* from unnest(p_ids) i (id) cross join lateral (
        select m.* from messages m where m.id = i.id and m.thread_id is not null limit 1) m),
    repliers as materialized (
      select r.sender_id as user_id, r.chat_id, r.thread_id, max(r.number) as number, max(r.seq) as seq
      from replies r group by 1, 2, 3),
    authors as materialized (
      select o.sender_id as user_id, o.chat_id, r.thread_id, 0::bigint as number, r.seq
      from replies r cross join lateral (select m.* from messages m where m.id = r.thread_id limit 1) o
      where r.number = 1
        and exists (select from live_chat_members p where p.chat_id = o.chat_id and p.user_id = o.sender_id)
        and not exists (select from repliers s where s.user_id = o.sender_id and s.thread_id = r.thread_id)
        and not exists (
          select from thread_follows f where f.user_id = o.sender_id and f.chat_id = o.chat_id and f.root_id = r.thread_id)),
    wanted as (
      select * from repliers union all select * from authors),
    written as (
      insert into thread_follows as f (user_id, chat_id, root_id, workspace_id, is_following, last_read_number, mark_version, mark_seq)
      select w.user_id, w.chat_id, w.thread_id, h.workspace_id, true, w.number, w.seq, w.seq
      from wanted w cross join lateral (select h.workspace_id from chat_heads h where h.chat_id = w.chat_id limit 1) h
      order by 1, 2, 3
      on conflict (user_id, chat_id, root_id) do update set is_following = true,
        last_read_number = greatest(f.last_read_number, excluded.last_read_number),
        mark_version = f.mark_version + case when f.is_following then 0 else 1 end,
        mark_seq = case when f.is_following then f.mark_seq else excluded.mark_seq end
      returning f.user_id, f.chat_id, f.root_id, f.workspace_id)
    -- As it was before this statement: those who followed already get no event.
    select w.*, true as is_new from written w where not exists (
      select from thread_follows f
      where f.user_id = w.user_id and f.chat_id = w.chat_id and f.root_id = w.root_id and f.is_following)
    union all
    select f.user_id, f.chat_id, f.root_id, f.workspace_id, false
    from (select r.thread_id, count(*) as sent from replies r group by 1) n
    cross join lateral (select t.reply_count from threads t where t.root_id = n.thread_id limit 1) t
    join thread_follows f on f.root_id = n.thread_id and f.is_following
    where t.reply_count = n.sent
    order by 2, 3, 1
  loop
    insert into event_log (user_id, chat_id, code, subject_id) values (v_begun.user_id, v_begun.chat_id, 17, v_begun.root_id);
    if v_begun.is_new then
      perform bound_follows(v_begun.user_id, v_begun.workspace_id, v_begun.root_id);
    end if;
  end loop;
end $function$
;
