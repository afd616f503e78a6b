import { Email } from '@fechatter/contract';
import { sendTestMail } from '@fechatter/worker/mail';
import { UsageError } from '../command.ts';
import { type Check, ok, problem, skipped } from './finding.ts';

/** Sends one to the operator, by the settings of the worker. */
export const mailCheck = (to: string | undefined): Check => {
  if (to !== undefined && !Email.safeParse(to).success) throw new UsageError('--mail: expected an e-mail address');
  return async ({ config }) => {
    const { via, host, port } = config.mail;
    if (via === 'off')
      return [
        skipped('mail', 'this deployment sends none: nobody can prove an address or set a forgotten password anew'),
      ];
    if (to === undefined) return [skipped('mail', 'give --mail you@example.com to have one sent')];
    const failure = await sendTestMail(config, to);
    const where = via === 'files' ? `a file in ${config.dataDir}/mail` : `${host}:${port}`;
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
};
