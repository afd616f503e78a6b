import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Whether a program is in PATH, or in folders that are not in an ordinary user's PATH. */
export function isInstalled(program: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
