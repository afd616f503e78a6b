import { erase } from './erase.ts';
import { exportUser } from './export.ts';
import { get } from './get.ts';
import { me } from './me.ts';
import { update } from './update.ts';

export const user = {
  /** Your own account, with its e-mail address. */
  me,
  /** Changes your name or picture. */
  update,
  /** A person with whom you share a workspace now. */
  get,
  /** Permanently erases your account and what you wrote. */
  erase,
  /** All your data, in pages of lines. */
  export: exportUser,
};
