import type pg from 'pg';
import { contentOf, digestOfLine, hashOfSeal, type SealedLine } from './seal-hashes.ts';

/** A seal that was kept elsewhere; the log must still contain it. */
export interface KnownSeal {
  readonly n: number;
  readonly hash: string;
}

/** The result of verifying the whole audit log. */
export interface AuditVerdict {
  /** The existing seals, and the lines of theirs that match. */
  readonly seals: number;
  readonly lines: number;
  /** Seals whose lines were pruned after the retention, and the number of those lines. */
  readonly prunedSeals: number;
  readonly prunedLines: number;
  /** Lines without a seal, and the age of the oldest in seconds. */
  readonly unsealed: number;
  readonly unsealedSeconds: number;
  /** The newest seal: kept elsewhere, it proves later that nothing before it was changed. */
  readonly newest: KnownSeal | undefined;
  /** What is missing or altered, one line each, at most 100. */
  readonly problems: readonly string[];
  readonly problemCount: number;
}

interface SealRow {
  readonly n: number;
  readonly lines: number;
  readonly newest_ms: number;
  readonly content: Buffer;
  readonly hash: Buffer;
  readonly scope_ids: readonly string[] | null;
  readonly ids: readonly string[] | null;
  readonly digests: readonly Buffer[] | null;
  readonly pruned_after_days: number | null;
  readonly pruned_lines: number | null;
  readonly is_pruned: boolean;
  readonly is_pruned_in_time: boolean | null;
}

const PROBLEMS_MAX = 100;
const SEALS_A_READ = 20;

const sealsSql = `
  select n, lines, (extract(epoch from newest_at) * 1000)::bigint as newest_ms, content, hash, scope_ids, ids, digests,
    pruned_after_days, pruned_lines, pruned_at is not null as is_pruned,
    newest_at + make_interval(days => pruned_after_days) <= pruned_at as is_pruned_in_time
  from audit_seals where n > $1 order by n limit ${SEALS_A_READ}`;
const linesSql = `
  select a.scope_id, a.id, a.action, a.actor_id, a.user_id, a.details::text as details, a.request_id,
    ((extract(epoch from a.created_at) * 1000)::bigint)::text as created_ms
  from unnest($1::uuid[], $2::uuid[]) with ordinality o (scope_id, id, ord)
  left join audit_log a on a.scope_id = o.scope_id and a.id = o.id order by o.ord`;
const waitingSql = `
  select count(*)::int as count,
    coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8 as seconds from audit_unsealed`;
const strangersSql = `
  select a.id from audit_log a
  where not exists (select from audit_unsealed q where q.scope_id = a.scope_id and q.id = a.id)
    and not exists (
      select from (select unnest(scope_ids) as scope_id, unnest(ids) as id from audit_seals) s
      where s.scope_id = a.scope_id and s.id = a.id)
  order by a.id limit ${PROBLEMS_MAX + 1}`;

/**
 * Verifies the audit log against its seals, in one snapshot: reports seals and lines that are missing or altered. It
 * cannot detect that the newest seals were removed together with their lines: for that, pass a seal that you kept.
 */
export async function verifyAudit(pool: pg.Pool, known?: KnownSeal): Promise<AuditVerdict> {
  const client = await pool.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    return await verify(client, known);
  } finally {
    await client.query('rollback').finally(() => client.release());
  }
}

async function verify(client: pg.PoolClient, known: KnownSeal | undefined): Promise<AuditVerdict> {
  const problems: string[] = [];
  let problemCount = 0;
  const report = (problem: string) => {
    problemCount++;
    if (problems.length < PROBLEMS_MAX) problems.push(problem);
  };
  const found = { seals: 0, lines: 0, prunedSeals: 0, prunedLines: 0 };
  let before: SealRow | undefined;
  let isKnownFound = known === undefined;
  for (let page = await sealsAfter(client, 0); page.length > 0; page = await sealsAfter(client, before?.n ?? 0))
    for (const seal of page) {
      checkPlace(seal, before, report);
      if (seal.n === known?.n) {
        isKnownFound = true;
        if (seal.hash.toString('hex') !== known.hash) report(`seal ${seal.n} is not the one that was written down`);
      }
      found.seals++;
      if (seal.is_pruned) {
        found.prunedSeals++;
        found.prunedLines += seal.lines;
        checkPruning(seal, report);
      } else found.lines += await checkLines(client, seal, report);
      before = seal;
    }
  if (!isKnownFound && known !== undefined) report(`seal ${known.n}, which was written down, is missing`);
  const { rows: strangers } = await client.query<{ id: string }>(strangersSql);
  for (const { id } of strangers) report(`line ${id} is in no seal and does not wait for one`);
  const { rows: waiting } = await client.query<{ count: number; seconds: number }>(waitingSql);
  return {
    ...found,
    unsealed: waiting[0]?.count ?? 0,
    unsealedSeconds: Math.max(0, Math.round(waiting[0]?.seconds ?? 0)),
    newest: before && { n: before.n, hash: before.hash.toString('hex') },
    problems,
    problemCount,
  };
}

async function sealsAfter(client: pg.PoolClient, n: number): Promise<SealRow[]> {
  return (await client.query<SealRow>(sealsSql, [n])).rows;
}

type Report = (problem: string) => void;

/** Checks whether a seal follows from the previous one. */
function checkPlace(seal: SealRow, before: SealRow | undefined, report: Report): void {
  const follows = (before?.n ?? 0) + 1;
  if (seal.n !== follows)
    return report(
      seal.n === follows + 1 ? `seal ${follows} is missing` : `seals ${follows} to ${seal.n - 1} are missing`,
    );
  const { n, lines, newest_ms: newestMs, content, hash } = seal;
  if (!hashOfSeal(before?.hash, { n, lines, newestMs, content }).equals(hash))
    report(`seal ${n} does not follow from the one before it: it was altered, or that one`);
}

function checkPruning({ n, lines, is_pruned_in_time: inTime, pruned_lines: left }: SealRow, report: Report): void {
  if (inTime !== true) report(`seal ${n}: its ${lines} lines were pruned before their time`);
  else if (left !== lines)
    report(`seal ${n}: ${lines - (left ?? 0)} of its ${lines} lines were missing when it was pruned`);
}

/** Compares the existing lines with the seal's list; returns how many match. */
async function checkLines(client: pg.PoolClient, seal: SealRow, report: Report): Promise<number> {
  const { n, scope_ids: scopeIds, ids, digests, content } = seal;
  if (scopeIds === null || ids === null || digests === null || !contentOf(scopeIds, ids, digests).equals(content)) {
    report(`seal ${n}: its list of ${seal.lines} lines was altered`);
    return 0;
  }
  const { rows } = await client.query<SealedLine | { id: null }>(linesSql, [scopeIds, ids]);
  let asTheyWere = 0;
  for (const [at, line] of rows.entries()) {
    const digest = digests[at];
    const name = `line ${ids[at]} of seal ${n}`;
    if (digest?.length === 0) report(`${name} was missing when it was sealed`);
    else if (line.id === null) report(`${name} is missing`);
    else if (digest === undefined || !digestOfLine(line).equals(digest)) report(`${name} was altered`);
    else asTheyWere++;
  }
  return asTheyWere;
}
