-- Counters of the limits by address and by account, in the form that rate-limiter-flexible reads and writes; the library
-- makes no table at run time. `expire` is in milliseconds since 1970. Keys carry no address in clear.
create table rate_limits (
  key varchar(255) primary key,
  points integer not null default 0,
  expire bigint
) with (fillfactor = 50);
create index rate_limits_expire on rate_limits (expire);
