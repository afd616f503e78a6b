import { block } from './block.ts';
import { erase } from './erase.ts';
import { exportUser } from './export.ts';
import { get } from './get.ts';
import { me } from './me.ts';
import { preferences } from './preferences.ts';
import { presence } from './presence.ts';
import { setActivity } from './set-activity.ts';
import { setPreferences } from './set-preferences.ts';
import { setStatus } from './set-status.ts';
import { unblock } from './unblock.ts';
import { update } from './update.ts';

export const user = {
  /** Your own account, with its e-mail address. */
  me,
  /** Changes your name or picture. */
  update,
  /** A person with whom you share a workspace now. */
  get,
  /** The presence and custom statuses of people. */
  presence,
  /** Reports that you are active on this device, or not any more. */
  setActivity,
  /** Sets or removes your custom status. */
  setStatus,
  /** Your preferences, and the people whom you block. */
  preferences,
  /** Changes your preferences. */
  setPreferences,
  /** Blocks a person: they cannot send to you in a Single chat. */
  block,
  /** Unblocks a person. */
  unblock,
  /** Permanently erases your account and what you wrote. */
  erase,
  /** All your data, in pages of lines. */
  export: exportUser,
};
