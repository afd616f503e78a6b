import { type AuditVerdict, type KnownSeal, verifyAudit } from '@fechatter/drizzle';
import { type Command, type CommandContext, textOption, UsageError } from '../command.ts';
import { withDatabase } from '../deployment.ts';

const SEAL = /^(\d{1,15}):([\da-f]{64})$/;

export const auditVerify: Command = {
  summary: 'verify the audit log against its seals',
  details: `
The worker seals the audit log each minute: a seal is the hash of the lines that came since the seal before, and of that
one. This compares all of them with what is there, and names what is missing or altered, lines and seals. Addresses are not
sealed, because an erasure takes them; lines older than audit.retentionDays are pruned, and their seals stay.

A person with all rights in the database can also cut off the newest seals with their lines, or make them all anew. So
write the newest one down elsewhere (it is printed, and is in the worker's log), and give it the next time.

  --expect <n:hash>   a seal that you wrote down

The exit code is 1 where something is missing or altered.`,
  options: { expect: { type: 'string' } },
  run: verify,
};

async function verify(context: CommandContext): Promise<number> {
  const known = knownSeal(context);
  const verdict = await withDatabase(context.env, ({ pool }) => verifyAudit(pool, known));
  context.show(verdict, linesOf(verdict));
  return verdict.problemCount === 0 ? 0 : 1;
}

function knownSeal(context: CommandContext): KnownSeal | undefined {
  const given = textOption(context, 'expect');
  if (given === undefined) return undefined;
  const [, n, hash] = SEAL.exec(given) ?? [];
  if (n === undefined || hash === undefined) throw new UsageError(`--expect: ${given} given, expected n:hash`);
  return { n: Number(n), hash };
}

function linesOf(verdict: AuditVerdict): string[] {
  const { seals, lines, prunedSeals, prunedLines, unsealed, unsealedSeconds, newest, problems, problemCount } = verdict;
  const more = problemCount - problems.length;
  return [
    ...problems,
    ...(more > 0 ? [`and ${more} more`] : []),
    `${seals} seals; ${lines} lines match their seals; ${prunedLines} lines of ${prunedSeals} seals were pruned`,
    unsealed === 0
      ? 'no line waits for a seal'
      : `${unsealed} lines wait for a seal, the oldest for ${unsealedSeconds} s`,
    newest === undefined ? 'there is no seal yet' : `the newest seal is ${newest.n}:${newest.hash}`,
    problemCount === 0 ? 'nothing is missing or altered' : `${problemCount} problems`,
  ];
}
