-- Which text of each file in drizzle/sql is in force, and the release that applied it (see drizzle/sql/README.md).
create table sql_files (
  file text primary key,
  hash text not null,
  release text not null,
  applied_at timestamptz not null default clock_timestamp());
