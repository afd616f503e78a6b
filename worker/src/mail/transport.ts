import { Email } from '@fechatter/contract';
import type { Config } from '@fechatter/service-kit';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';

/** A mail to be sent. */
export interface Letter {
  /** Stays the same at each attempt. */
  readonly id: string;
  readonly to: string;
  readonly date: Date;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Why a mail was not accepted: an SMTP or network error code, and whether a retry makes sense. */
export interface MailFailure {
  readonly code: string;
  readonly isPermanent: boolean;
}

/** Sends mails. */
export interface MailTransport {
  /** Returns undefined if the mail was accepted. */
  send(letter: Letter): Promise<MailFailure | undefined>;
  close(): void;
}

const TIMEOUT_MS = 20_000;
const SEND_MAX_MS = 60_000;
const CONNECTIONS_MAX = 2;
const FILES_MAX = 200;

/** The transport that the settings select; undefined if mail is off. */
export function createMailTransport(config: Pick<Config<'worker'>, 'mail' | 'dataDir'>): MailTransport | undefined {
  const { via } = config.mail;
  if (via === 'off') return undefined;
  return via === 'smtp' ? smtpTransport(config.mail) : fileTransport(config.mail, mailFolder(config));
}

/** The folder that holds the mails in development, where they are not sent. */
const mailFolder = ({ dataDir }: Pick<Config<'worker'>, 'dataDir'>): string => join(dataDir, 'mail');

type MailSettings = Config<'worker'>['mail'];

function smtpTransport({ host = '', port, tls, user, password, from, name }: MailSettings): MailTransport {
  const smtp = createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'off',
    ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
    pool: true,
    maxConnections: CONNECTIONS_MAX,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    dnsTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(letter) {
      // Rejects anything that SMTP or a header could read as more than one address.
      if (!Email.safeParse(letter.to).success) return { code: 'no address', isPermanent: true };
      const sending = smtp.sendMail(messageOf(letter, { from, name })).then(() => undefined, failureOf);
      return inTime(sending, SEND_MAX_MS);
    },
    close: () => smtp.close(),
  };
}

/**
 * Files are written completely and then renamed, and only the newest are kept. They contain the plain text alone, so
 * that the link is there once.
 */
function fileTransport({ from = 'fechatter@localhost', name }: MailSettings, folder: string): MailTransport {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
  return {
    async send(letter) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const { message } = await composer.sendMail({ ...messageOf(letter, { from, name }), html: undefined });
      const file = join(folder, `${letter.date.toISOString().replaceAll(':', '-')}-${letter.id}.eml`);
      await writeFile(`${file}.part`, message as Buffer, { mode: 0o600 });
      await rename(`${file}.part`, file);
      const files = (await readdir(folder)).filter((one) => one.endsWith('.eml')).sort();
      for (const old of files.slice(0, -FILES_MAX)) await rm(join(folder, old), { force: true });
      return undefined;
    },
    close: () => {},
  };
}

function messageOf(letter: Letter, { from = '', name }: Pick<MailSettings, 'name'> & { from?: string | undefined }) {
  const { id, to, date, subject, text, html } = letter;
  return {
    from: { name, address: from },
    to: { name: '', address: to },
    date,
    subject,
    text,
    html,
    messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    // Prevents automatic replies, such as out-of-office mails.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  };
}

/** SMTP replies of 500 and above are permanent, except authentication failures: the operator can fix those. */
function failureOf(error: unknown): MailFailure {
  const { code, responseCode } = error as { readonly code?: unknown; readonly responseCode?: unknown };
  const kind = typeof code === 'string' ? code : 'error';
  const isReply = typeof responseCode === 'number' && (kind === 'EENVELOPE' || kind === 'EMESSAGE');
  return {
    code: typeof responseCode === 'number' ? `${kind} ${responseCode}` : kind,
    isPermanent: isReply && responseCode >= 500,
  };
}

async function inTime(sending: Promise<MailFailure | undefined>, ms: number): Promise<MailFailure | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<MailFailure>((resolve) => {
    timer = setTimeout(() => resolve({ code: 'timeout', isPermanent: false }), ms);
  });
  try {
    return await Promise.race([sending, late]);
  } finally {
    clearTimeout(timer);
  }
}
