import type { Database, MailDetails } from '@fechatter/drizzle';
import type { Config, Log } from '@fechatter/service-kit';
import { type LinkTarget, mailLink } from './mail-link.ts';
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
  const account = await accountOf(deps.db, job);
  if (account === undefined) return undefined;
  const { kind } = job;
  // As its person wrote it, not as whoever asked did.
  const address = kind === 'reset' ? account.email : job.address;
  const letter = (parts: Partial<LetterParts>) => letterWith(deps.config, { ...job, address, text: kind, ...parts });
  const linked = async (purpose: LinkTarget['purpose']) => {
    const target = { purpose, userId: account.id, address };
    const link = await mailLink(deps.db, deps.config.server.webUrl, target, job);
    return link === undefined ? undefined : letter({ link, ...(account.isHeldByAnother && { text: 'addressHeld' }) });
  };
  if (kind === 'reset') return linked('reset');
  if (kind === 'verify') {
    if (account.provedBy === 'another') return letter({ text: 'addressTaken' });
    return account.provedBy === 'itself' ? undefined : linked('verify');
  }
  // A notice goes to an address that is known to be its person's: of a changed one, that was.
  return account.provedBy === 'itself' || kind === 'emailChanged' ? letter({}) : undefined;
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

interface MailedAccount {
  readonly id: string;
  readonly email: string;
  /** Who has proved that the address of the mail is theirs. */
  readonly provedBy: 'itself' | 'another' | null;
  /** Another account has it without having proved it, and would lose it. */
  readonly isHeldByAnother: boolean;
}

/** Whom a mail is about: who is named, or whom its address leads to. */
async function accountOf({ pool }: Database, { userId, address }: MailJob): Promise<MailedAccount | undefined> {
  const { rows } = await pool.query<MailedAccount>(
    `with holder as (
       select id, email_verified_at is not null as is_proved from users
       where lower(email collate "C") = lower($2::text collate "C") and holds_email)
     select u.id, u.email, case when h.is_proved then case when h.id = u.id then 'itself' else 'another' end end as "provedBy",
       coalesce(h.id <> u.id and not h.is_proved, false) as "isHeldByAnother"
     from users u left join holder h on true
     where u.erased_at is null and u.status = 'Active'
       and case when $1::uuid is null then lower(u.email collate "C") = lower($2::text collate "C") and u.holds_email
         else u.id = $1::uuid end`,
    [userId, address],
  );
  return rows[0];
}
