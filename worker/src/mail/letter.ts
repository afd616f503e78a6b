import type { Database, MailDetails } from '@fechatter/drizzle';
import type { Config, Log } from '@fechatter/service-kit';
import { type LinkTarget, mailLink } from './mail-link.ts';
import type { MailJob } from './mail-jobs.ts';
import { rendered } from './render.ts';
import type { TextName } from './text.ts';
import { texts } from './texts.ts';
import type { Letter } from './transport.ts';

export interface LetterDeps {
  readonly db: Database;
  readonly log: Log;
  readonly config: Pick<Config<'worker'>, 'mail' | 'server'>;
}

const USER_AGENT_MAX_CHARS = 120;

/** The mail of a job, written from the current state; undefined if there is no one left to send it to. */
export async function letterOf(deps: LetterDeps, job: MailJob): Promise<Letter | undefined> {
  const account = await accountOf(deps.db, job);
  if (account === undefined) return undefined;
  const { kind } = job;
  // The address as its owner wrote it, not as the requester typed it.
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
  if (kind === 'mentions') {
    const count = account.provedBy === 'itself' ? await unreadMentions(deps.db, account.id, job.details.since) : 0;
    return count === 0 ? undefined : letter({ details: { count }, link: deps.config.server.webUrl });
  }
  // A notice is sent only to an address that is confirmed; for a changed address, to the old one.
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

/** A client can send any text as its user agent. */
const tidy = ({ userAgent, ...rest }: MailDetails): MailDetails => ({
  userAgent:
    userAgent?.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]|https?:|www\./giu, ' ').slice(0, USER_AGENT_MAX_CHARS) ?? null,
  ...rest,
});

interface MailedAccount {
  readonly id: string;
  readonly email: string;
  /** Which account has confirmed the address of the mail; null: none. */
  readonly provedBy: 'itself' | 'another' | null;
  /** Another account uses the address without having confirmed it, and would lose it. */
  readonly isHeldByAnother: boolean;
}

/** The account that a mail is about: the named user, or the one found by the address. */
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

/** How many mentions of a person since then are unread now. */
async function unreadMentions({ pool }: Database, userId: string, since: string | undefined): Promise<number> {
  const { rows } = await pool.query<{ count: number }>('select unread_mentions($1, $2) as count', [userId, since]);
  return rows[0]?.count ?? 0;
}
