import { create } from './create.ts';
import { deleteWebhook } from './delete.ts';
import { deliveries } from './deliveries.ts';
import { list } from './list.ts';
import { redeliver } from './redeliver.ts';
import { rotateSecret } from './rotate-secret.ts';
import { test } from './test.ts';
import { update } from './update.ts';

export const webhook = {
  /** Creates a webhook of a bot, whose secret is shown once; for Admins and Owners. */
  create,
  /** The webhooks of a bot; for Admins and Owners. */
  list,
  /** Changes the address or the kinds of a webhook, or switches it on or off; for Admins and Owners. */
  update,
  /** Deletes a webhook; for Admins and Owners. */
  delete: deleteWebhook,
  /** Replaces the secret of a webhook; for Admins and Owners. */
  rotateSecret,
  /** What a webhook is to send, and has sent; for Admins and Owners. */
  deliveries,
  /** Sends a delivery again; for Admins and Owners. */
  redeliver,
  /** Sends a test; for Admins and Owners. */
  test,
};
