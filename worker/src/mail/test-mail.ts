import type { Config } from '@fechatter/service-kit';
import { randomUUID } from 'node:crypto';
import { letterWith } from './letter.ts';
import { createMailTransport, type MailFailure } from './transport.ts';

/** Sends a test mail; returns undefined if the host accepted it, otherwise why not. */
export async function sendTestMail(
  config: Pick<Config<'worker'>, 'mail' | 'server' | 'dataDir'>,
  to: string,
): Promise<MailFailure | undefined> {
  const transport = createMailTransport(config);
  if (transport === undefined) return { code: 'mail is off', isPermanent: true };
  try {
    return await transport.send(
      letterWith(config, { id: randomUUID(), address: to, createdAt: new Date(), text: 'test' }),
    );
  } finally {
    transport.close();
  }
}
