import { chmod, chown, lchown, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileOwner, ownUid, type Identity } from './identity.ts';

/** Makes an identity the owner of one path, with these permissions. */
export async function giveOver(identity: Identity, path: string, mode: number): Promise<void> {
  const { uid, gid } = fileOwner(identity);
  await chmod(path, mode);
  if (ownUid() === 0) await chown(path, uid, gid);
}

/** Makes an identity the owner of a whole tree; links are not followed. */
export async function giveTree(identity: Identity, path: string): Promise<void> {
  const { uid, gid } = fileOwner(identity);
  await lchown(path, uid, gid);
  for (const entry of await readdir(path, { recursive: true })) await lchown(join(path, entry), uid, gid);
}

/** Lets an identity traverse a folder by its group, and no other one; files beside `data` stay ours. */
export async function letIn(identity: Identity, home: string): Promise<void> {
  if (ownUid() === -1) return;
  const { uid, gid } = fileOwner(identity);
  if ((await stat(home)).uid === uid) return chmod(home, 0o700);
  if (identity.kind !== 'dropped') return;
  await chown(home, ownUid(), gid);
  await chmod(home, 0o710);
}
