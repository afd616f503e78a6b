import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { callbackify } from 'node:util';
import { SMTPServer } from 'smtp-server';

/** A mail that the host received. */
export interface ReceivedMail {
  readonly to: readonly string[];
  readonly raw: string;
  /** The link in the plain text. */
  readonly link: string | undefined;
  readonly token: string | undefined;
  readonly subject: string;
  readonly messageId: string;
}

export interface MailHostOptions {
  /** The SMTP code for a recipient; undefined accepts the mail. */
  readonly statusFor?: (address: string, attempt: number) => number | undefined;
  /** Called with each mail before it is acknowledged. */
  readonly onMail?: (mail: ReceivedMail) => Promise<void>;
  readonly user?: string;
  readonly password?: string;
}

/** A real mail host on its own port. */
export interface MailHost extends AsyncDisposable {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  readonly mailsTo: (address: string) => readonly ReceivedMail[];
  /** The settings of a worker that uses this host. */
  readonly env: Readonly<Record<string, string>>;
}

/** An error that makes the host reply with this SMTP code. */
const refusal = (code: number) => Object.assign(new Error('no'), { responseCode: code });

/** Starts a mail host; it keeps each mail as received. */
export async function mailHost({ statusFor, onMail, user, password }: MailHostOptions = {}): Promise<MailHost> {
  const mails: ReceivedMail[] = [];
  const attempts = new Map<string, number>();
  const server = new SMTPServer({
    authOptional: user === undefined,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    onAuth(auth, _session, done) {
      if (auth.username === user && auth.password === password) done(null, { user: auth.username });
      else done(refusal(535));
    },
    onRcptTo({ address }, _session, done) {
      const attempt = (attempts.get(address) ?? 0) + 1;
      attempts.set(address, attempt);
      const code = statusFor?.(address, attempt);
      done(code === undefined ? null : refusal(code));
    },
    onData(stream, session, done) {
      const take = async () => {
        const mail = receivedOf(
          await text(stream),
          session.envelope.rcptTo.map(({ address }) => address),
        );
        await onMail?.(mail);
        mails.push(mail);
      };
      callbackify(take)(done);
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    mails,
    mailsTo: (address) => mails.filter(({ to }) => to.includes(address)),
    env: {
      FECHATTER_MAIL_VIA: 'smtp',
      FECHATTER_MAIL_HOST: '127.0.0.1',
      FECHATTER_MAIL_PORT: String(port),
      FECHATTER_MAIL_TLS: 'off',
      FECHATTER_MAIL_FROM: 'chat@example.org',
      FECHATTER_SERVER_WEB_URL: 'https://chat.example.org/app',
    },
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function receivedOf(raw: string, to: readonly string[]): ReceivedMail {
  const header = (name: string) =>
    new RegExp(`^${name}: (.*(?:\r?\n[ \t].*)*)`, 'im').exec(raw)?.[1]?.replaceAll(/\r?\n[ \t]+/g, ' ') ?? '';
  const link = /^https?:\/\/\S+$/m.exec(raw)?.[0];
  return {
    to,
    raw,
    link,
    token: link === undefined ? undefined : (new URLSearchParams(link.split('?')[1]).get('token') ?? undefined),
    subject: header('Subject'),
    messageId: header('Message-ID'),
  };
}
