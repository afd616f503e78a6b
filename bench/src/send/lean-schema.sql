-- The least that a chat needs to store a message, count it in its chat and log that it exists.
create table users (id uuid primary key default uuidv7(), name text);
create table chats (id uuid primary key default uuidv7(), n serial unique, last_seq bigint not null default 0);
create table chat_members (
  chat_id uuid references chats, user_id uuid references users, last_read_seq bigint default 0,
  primary key (chat_id, user_id));
create table messages (
  id uuid primary key default uuidv7(), chat_id uuid not null references chats, seq bigint not null,
  sender_id uuid not null references users, content text not null, created_at timestamptz not null default now(),
  unique (chat_id, seq));
create table events (
  id bigint generated always as identity primary key, xid xid8 not null default pg_current_xact_id(),
  chat_id uuid not null, kind text not null, payload jsonb not null, at timestamptz not null default now());
create index on events (xid);
insert into users (name) select 'u' || i from generate_series(1, 1000) i;
insert into chats select from generate_series(1, 1000);
insert into chat_members
  select c.id, u.id from chats c, lateral (select id from users order by md5(c.n::text || id::text) limit 20) u;
create table pairs as select row_number() over () rn, chat_id, user_id from chat_members;
create unique index on pairs (rn);
