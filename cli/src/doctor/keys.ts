import { checkKeyRing, KeyRingError } from '@fechatter/drizzle';
import { type Check, type Finding, ok, type Patient, problem, skipped, warning } from './finding.ts';
import { checkPushes } from './pushes.ts';

/**
 * Checks whether the keys are those that the database was written with, whether tokens can be verified, and whether push
 * services accept the key of pushes.
 */
export const checkKeys: Check = async (patient) => [
  await encryptionKeys(patient),
  await signingKeys(patient),
  await checkPushes(patient),
];

async function encryptionKeys({ db, config }: Patient): Promise<Finding> {
  const { keys } = config.encryption;
  if (keys === undefined)
    return skipped('encryption keys', 'not given here: run doctor with encryption.keys to compare them');
  const ring = keys.map(({ id, key }) => ({ id, key: Buffer.from(key) }));
  try {
    await checkKeyRing(db, ring, 'compare');
  } catch (error) {
    if (!(error instanceof KeyRingError)) throw error;
    return problem(
      'encryption keys',
      error.message,
      'Give the ring that this database was written with: services refuse to start.',
    );
  }
  return ok(
    'encryption keys',
    `the ring (${ring.map(({ id }) => id).join(', ')}) opens what this database was written with`,
  );
}

async function signingKeys({ db, config }: Patient): Promise<Finding> {
  const { rows } = await db.query<{ kid: string }>('select kid from signing_keys');
  if (rows.length === 0) return problem('signing keys', 'none is published', 'Start a server: it publishes its own.');
  const published = new Set(rows.map(({ kid }) => kid));
  const unknown = (config.auth.signingKeys ?? []).filter(({ kid }) => !published.has(kid));
  if (unknown.length > 0)
    return warning(
      'signing keys',
      `${unknown.length} of those given here are not published`,
      'Start a server with them: it publishes its own.',
    );
  return ok('signing keys', `${rows.length} published`);
}
