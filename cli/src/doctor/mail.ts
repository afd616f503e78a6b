import { Email } from '@fechatter/contract';
import { sendTestMail } from '@fechatter/worker/mail';
import { UsageError } from '../command.ts';
import { type Check, ok, problem } from './finding.ts';

/** Sends a test mail to the operator with the worker's settings; does nothing if no address is given. */
export function mailCheck(to: string | undefined): Check {
  if (to === undefined) return () => Promise.resolve([]);
  if (!Email.safeParse(to).success) throw new UsageError('--mail: expected an e-mail address');
  return async ({ config }) => {
    const { via, host, port } = config.mail;
    if (via === 'off')
      return [problem('mail', 'this deployment sends none', 'Set mail.host and mail.from for servers and workers.')];
    const where = via === 'files' ? `a file in ${config.dataDir}/mail` : `${host}:${port}`;
    const failure = await sendTestMail(config, to);
    return failure === undefined
      ? [ok('mail', `sent one to ${to} by ${where}; see that it arrives`)]
      : [
          problem(
            'mail',
            `${where} took none: ${failure.code}`,
            'See the settings mail.* and the log of the mail host.',
          ),
        ];
  };
}
