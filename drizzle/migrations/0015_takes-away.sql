-- What takes something away is said by the row itself, not by numbers that are kept for it. Neither the column nor its
-- default rewrites a row, and the rows of the time before are found by their index; indexes are built over the 72 hours
-- that the log keeps. Services that write the log wait meanwhile, seconds at most.
alter table event_log add column takes_away boolean not null default false;
--> statement-breakpoint
update event_log set takes_away = true where code between 30 and 39;
--> statement-breakpoint
create index event_log_taking_away on event_log (xid) where takes_away;
--> statement-breakpoint
drop index event_log_overtaking;
