import { watch } from './watch.ts';

export const presence = {
  /** Sets the people whose presence a stream receives. */
  watch,
};
