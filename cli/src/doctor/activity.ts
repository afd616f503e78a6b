import { type Check, ok, problem, warning } from './finding.ts';

const LONG_SECONDS = 60;
const SHOWN_MAX = 5;

/** Finds transactions that stay open: dead rows pile up behind them. A prepared one stays for ever. */
export const checkActivity: Check = async ({ db }) => {
  const { rows } = await db.query<{ pid: number; application_name: string; state: string; seconds: number }>(
    `select pid, application_name, coalesce(state, 'unknown') as state, extract(epoch from clock_timestamp() - xact_start)::float8 as seconds
     from pg_stat_activity
     where xact_start < clock_timestamp() - make_interval(secs => ${LONG_SECONDS}) and backend_type = 'client backend'
     order by xact_start limit ${SHOWN_MAX}`,
  );
  const { rows: prepared } = await db.query<{ count: number }>('select count(*)::int as count from pg_prepared_xacts');
  const left = prepared[0]?.count ?? 0;
  return [
    ...(rows.length === 0 ? [ok('transactions', `none has been open for more than ${LONG_SECONDS} s`)] : []),
    ...rows.map(({ pid, application_name: name, state, seconds }) =>
      warning(
        'transactions',
        `back end ${pid} (${name === '' ? 'without a name' : name}) has had one open for ${Math.round(seconds)} s, ${state}`,
        `It slows down busy chats. End it: select pg_terminate_backend(${pid})`,
      ),
    ),
    ...(left === 0
      ? []
      : [
          problem(
            'transactions',
            `${left} are prepared but not finished`,
            'Commit or roll them back: see pg_prepared_xacts.',
          ),
        ]),
  ];
};
