/**
 * For a connection that runs the same few statements all the time: plans are made once and use look-ups. Planning the
 * log's reads takes ten times as long as running them, and a plan that was made while a table was empty would scan it
 * when it is full.
 */
export const steadyPlans = `
  set plan_cache_mode = force_generic_plan;
  set enable_seqscan = off;
  set max_parallel_workers_per_gather = 0;
  set jit = off`;
