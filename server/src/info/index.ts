import { get } from './get.ts';

export const info = {
  /** What this deployment offers, and the limits of what may be sent to it. */
  get,
};
