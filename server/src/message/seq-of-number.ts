/**
 * The seq of a message of a timeline by its number, for a row `t` of number (0 to last_number), last_seq and
 * last_number; `timeline` is the condition on messages `m`. Seqs are ahead of numbers by the events that are not messages
 * of the timeline, and that distance never shrinks. So the seq lies between `number` and `number` plus the newest
 * message's distance, and a binary search on the timeline's index of seqs finds it.
 */
export const seqOfNumber = (timeline: string): string => `(
  with recursive search (low, high) as (
    select t.number, case when t.number = 0 then 0 else t.number + t.last_seq - t.last_number end
    union all
    select case when x.number >= t.number then s.low else s.middle + 1 end,
      case when x.number >= t.number then x.seq else s.high end
    from (select low, high, (low + high) / 2 as middle from search where low < high) s
    left join lateral (
      select m.seq, m.number from messages m where ${timeline} and m.seq <= s.middle
      order by m.seq desc limit 1) x on true)
  select high from search where low >= high limit 1)`;
