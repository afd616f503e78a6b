import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The files with the secrets of an installation that `start` runs; each holds one secret and is readable by its owner
 * alone.
 */
export interface KeyFiles {
  readonly folder: string;
  readonly signingKeys: string;
  readonly secret: string;
  readonly encryptionKeys: string;
  readonly vapidKey: string;
  /** Whether any of them was made by this call. */
  readonly areNew: boolean;
}

const makers = {
  'signing-keys.pem': () =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  secret: () => `${randomBytes(48).toString('base64url')}\n`,
  'vapid-key.pem': () =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  'encryption-keys': () => `1:${randomBytes(32).toString('base64')}\n`,
} as const;

/** Makes the keys of an installation on its first start and finds them afterwards. */
export async function keyFiles(dataDir: string): Promise<KeyFiles> {
  const folder = join(dataDir, 'keys');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const made: boolean[] = [];
  for (const [name, make] of Object.entries(makers)) made.push(await makeOnce(join(folder, name), make));
  return {
    folder,
    signingKeys: join(folder, 'signing-keys.pem'),
    secret: join(folder, 'secret'),
    encryptionKeys: join(folder, 'encryption-keys'),
    vapidKey: join(folder, 'vapid-key.pem'),
    areNew: made.includes(true),
  };
}

/** A secret that the launcher makes and keeps, such as a database role's password. */
export async function rememberedSecret(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  await makeOnce(path, () => `${randomBytes(24).toString('base64url')}\n`);
  return (await readFile(path, 'utf8')).trim();
}

// Written to a draft and renamed: a crash in between must not leave a truncated key.
async function makeOnce(path: string, make: () => string): Promise<boolean> {
  const known = await readFile(path, 'utf8').catch(() => '');
  if (known.trim() !== '') return false;
  const draft = `${path}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(make());
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  return true;
}
