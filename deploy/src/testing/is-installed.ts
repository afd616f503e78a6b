import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Whether a program can be found as a shell would, also where an ordinary user's path does not lead. */
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
