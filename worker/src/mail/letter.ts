import type { Database, MailDetails } from '@fechatter/drizzle';
import type { Config, Log } from '@fechatter/service-kit';
import type { MailJob } from './mail-jobs.ts';
import { rendered } from './render.ts';
import { type TextName, texts } from './texts.ts';
import type { Letter } from './transport.ts';

export interface LetterDeps {
  readonly db: Database;
  readonly log: Log;
  readonly config: Pick<Config<'worker'>, 'mail' | 'server'>;
}

const USER_AGENT_MAX_CHARS = 120;

/** What a job says, as things are now; undefined where there is nobody any more whom it could tell. */
export async function letterOf(deps: LetterDeps, job: MailJob): Promise<Letter | undefined> {
  // A notice goes to an address that is known to be its person's.
  if (!(await isProved(deps.db, job))) return undefined;
  return letterWith(deps.config, { ...job, text: job.kind });
}

interface LetterParts {
  readonly id: string;
  readonly address: string;
  readonly createdAt: Date;
  readonly text: TextName;
  readonly details?: MailDetails;
  readonly link?: string;
}

/** The texts of this deployment's language, filled in. */
export function letterWith({ mail: { name, language } }: LetterDeps['config'], parts: LetterParts): Letter {
  const { id, address, createdAt, text, details = {}, link } = parts;
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  const facts = { name, when: `${format.format(createdAt)} UTC`, details: tidy(details) };
  const filled = texts[language][text](facts);
  return { id, to: address, date: createdAt, subject: filled.subject, ...rendered(filled, { name, language, link }) };
}

/** What a browser says of itself is whatever its user wants. */
const tidy = ({ userAgent, ip }: MailDetails): MailDetails => ({
  userAgent:
    userAgent?.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]|https?:|www\./giu, ' ').slice(0, USER_AGENT_MAX_CHARS) ?? null,
  ...(ip !== undefined && { ip }),
});

async function isProved({ pool }: Database, { userId, address }: MailJob): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select from users where id = $1 and erased_at is null and email_verified_at is not null
       and lower(email collate "C") = lower($2::text collate "C")`,
    [userId, address],
  );
  return rowCount === 1;
}
