import { sql, type Tx } from '@fechatter/drizzle';
import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Deps } from '../deps.ts';

const SECRET_BYTES = 32;

/** Makes a secret that signs, in the form of Standard Webhooks: `whsec_` and base64. To be shown once. */
export async function insertSecret(tx: Tx, { webhookCipher }: Deps, webhookId: string): Promise<string> {
  const id = uuidv7();
  const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
  await tx.execute(sql`
    insert into webhook_secrets (id, webhook_id, sealed) values (${id}, ${webhookId}, ${webhookCipher.seal(id, secret)})`);
  return secret;
}
