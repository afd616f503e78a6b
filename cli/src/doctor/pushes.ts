import { type RefusedPushKey, refusedPushKeys } from '@fechatter/drizzle';
import { type Finding, ok, type Patient, problem, warning } from './finding.ts';

const settingsOf: Readonly<Record<RefusedPushKey['kind'], string>> = {
  WebPush:
    'If push.vapidKey was replaced, devices subscribe again when their app starts. Otherwise check push.contact.',
  Fcm: 'Check push.fcm.serviceAccount: its key may be deleted, or it may not send for the project of the app.',
  Apns: 'Check push.apns.key, keyId and teamId: the key may be revoked, or of another team than the app.',
};

/** Whether the kinds of pushes whose keys are given here are sent, and whether push services accept the keys. */
export async function checkPushes({ db, config }: Patient): Promise<Finding> {
  const { rows } = await db.query<{ kind: RefusedPushKey['kind']; key: string | null }>(
    'select kind, public_key as key from push_kinds order by kind',
  );
  const { vapidKey, fcm, apns } = config.push;
  const given = [
    ...(vapidKey ? [{ kind: 'WebPush', key: vapidKey.publicKey }] : []),
    ...(fcm.serviceAccount ? [{ kind: 'Fcm', key: null }] : []),
    ...(apns.key ? [{ kind: 'Apns', key: null }] : []),
  ];
  const unsent = given.filter((one) => !rows.some(({ kind, key }) => kind === one.kind && key === one.key));
  if (unsent.length > 0)
    return warning(
      'pushes',
      `no worker sends ${unsent.map(({ kind }) => kind).join(', ')} with the key that is given here`,
      'Start a worker with it: it publishes what it sends.',
    );
  const refused = await refusedPushKeys(db);
  if (refused.length > 0)
    return problem(
      'pushes',
      refused
        .map(({ kind, subscriptions }) => `push services refuse the key of ${kind} for ${subscriptions} subscriptions`)
        .join('; '),
      refused.map(({ kind }) => settingsOf[kind]).join(' '),
    );
  if (rows.length === 0) return ok('pushes', 'off: no worker has the key of any kind');
  return ok('pushes', `workers send ${rows.map(({ kind }) => kind).join(', ')}`);
}
